import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findMarked } from '../process/findMarked.ts';
import { endProcess, isRunning, type ProcessIdentity } from '../process/processIdentity.ts';
import type { DataLayout } from './layout.ts';
import { findRecord } from './record.ts';

const GRACE_MS = 3_000;

/**
 * Ends everything that a dead supervisor of this folder left running: what its record names and whatever carries its mark.
 * Only to be called by the holder of the lock, or when nobody holds it.
 * @returns what was ended
 */
export async function endOrphans(layout: DataLayout): Promise<ProcessIdentity[]> {
  const orphans = await findOrphans(layout);
  await Promise.all(orphans.map((orphan) => endProcess(orphan, GRACE_MS)));
  await removeDrafts(layout.dataDir);
  return orphans;
}

export async function findOrphans({ dataDir, record }: DataLayout): Promise<ProcessIdentity[]> {
  const recorded = (await findRecord(record))?.parts.flatMap((part) => part.process ?? []) ?? [];
  const found = new Map<number, ProcessIdentity>();
  for (const process of [...recorded.filter(isRunning), ...findMarked(dataDir)]) found.set(process.pid, process);
  found.delete(process.pid);
  return [...found.values()];
}

/** Unfinished files of a process that died while it wrote. */
async function removeDrafts(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch(() => []);
  const drafts = names.filter((name) => name.endsWith('.tmp') || /^supervisor\.lock\.[0-9a-f]{8}$/.test(name));
  await Promise.all(drafts.map((name) => rm(join(dataDir, name), { force: true })));
}
