import { setTimeout as sleep } from 'node:timers/promises';
import { GleanerError } from '@gleaner/primitives';
import { endProcess, isRunning } from '../process/processIdentity.ts';
import { endOrphans } from './cleanUp.ts';
import { findDataFolder } from './layout.ts';
import { findHolder } from './lock.ts';

export interface DownReport {
  /** False when nothing ran. */
  readonly wasRunning: boolean;
  /** Pid of the supervisor that was stopped. */
  readonly pid?: number;
  /** Processes that a dead supervisor had left and that were ended now. */
  readonly orphans: number;
}

/** Workers, services, database and chain are stopped in order within this time, otherwise they are killed. */
const GRACE_MS = 45_000;

/**
 * Stops the network of a data folder and whatever a killed one has left.
 * @throws {GleanerError} data-unreadable, timed-out when something cannot be ended
 */
export async function down(dataDir: string): Promise<DownReport> {
  const layout = await findDataFolder(dataDir);
  const holder = await findHolder(layout.lock);
  if (holder?.pid === process.pid) throw new GleanerError('bad-request', 'A process stops its own network by closing it');
  if (holder) await endProcess(holder, GRACE_MS);
  if (holder && isRunning(holder))
    throw new GleanerError('timed-out', `Process ${holder.pid} does not end`, { details: { pid: holder.pid } });
  await sleep(0);
  const orphans = await endOrphans(layout);
  return { wasRunning: holder !== undefined || orphans.length > 0, ...(holder ? { pid: holder.pid } : {}), orphans: orphans.length };
}
