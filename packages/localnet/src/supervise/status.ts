import { isGleanerError } from '@gleaner/primitives';
import { isRunning, type ProcessIdentity } from '../process/processIdentity.ts';
import { findOrphans } from './cleanUp.ts';
import { findDataFolder } from './layout.ts';
import { findHolder } from './lock.ts';
import { type Network, readNetwork } from './network.ts';
import { findRecord, type PartRecord } from './record.ts';

export interface NetworkStatus {
  readonly dataDir: string;
  /** `crashed`: the supervisor is gone without having stopped; `up` or `down` cleans up. */
  readonly state: 'starting' | 'ready' | 'stopping' | 'stopped' | 'crashed';
  readonly pid?: number;
  readonly startedMs?: number;
  readonly parts: readonly PartRecord[];
  /** Left behind by a dead supervisor. */
  readonly orphans: readonly ProcessIdentity[];
  /** Present while the network is up. */
  readonly network?: Network;
}

/** How the network of a data folder is doing, without disturbing it. @throws {GleanerError} data-unreadable */
export async function status(dataDir: string): Promise<NetworkStatus> {
  const layout = await findDataFolder(dataDir);
  const [holder, record] = await Promise.all([findHolder(layout.lock), findRecord(layout.record)]);
  if (!holder) {
    const orphans = await findOrphans(layout);
    const hasCrashed = orphans.length > 0 || (record !== undefined && record.state !== 'stopped');
    return { dataDir: layout.dataDir, state: hasCrashed ? 'crashed' : 'stopped', parts: [], orphans };
  }
  const isCurrent = record?.supervisor.pid === holder.pid;
  const state = isCurrent ? record.state : 'starting';
  const network = state === 'ready' ? await findNetwork(layout.network) : undefined;
  return {
    dataDir: layout.dataDir,
    state,
    pid: holder.pid,
    parts: isCurrent ? record.parts.map(asSeen) : [],
    orphans: [],
    ...(isCurrent ? { startedMs: record.startedMs } : {}),
    ...(network ? { network } : {}),
  };
}

/** The record may lag behind the death of a part by a moment. */
function asSeen(part: PartRecord): PartRecord {
  return part.state === 'ready' && part.process && !isRunning(part.process) ? { ...part, state: 'restarting' } : part;
}

async function findNetwork(path: string): Promise<Network | undefined> {
  return readNetwork(path).catch((error) => {
    if (isGleanerError(error) && error.code === 'network-not-running') return undefined;
    throw error;
  });
}
