import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errnoOf, GleanerError } from '@gleaner/primitives';
import { fileError, isMissing } from '../files/fileErrors.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from '../process/processIdentity.ts';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Makes this process the only supervisor of a data folder. The lock of a dead process is taken over.
 * @throws {GleanerError} network-already-running with the pid of the holder; data-unreadable, disk-full
 */
export async function takeLock(path: string): Promise<Lock> {
  const draft = `${path}.${randomUUID().slice(0, 8)}`;
  const me = identifyProcess(process.pid);
  try {
    await writeFile(draft, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
    // The link appears with its content or not at all, and never replaces another one.
    while (!(await tryLink(draft, path))) await removeStale(path);
    return { release: () => rm(path, { force: true }) };
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Who holds the lock, when that process is alive. */
export async function findHolder(path: string): Promise<ProcessIdentity | undefined> {
  const holder = await readHolder(path);
  return holder && isRunning(holder) ? holder : undefined;
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moved aside before it is removed: of two processes that see the same stale lock only one moves it, and one moved by mistake goes back. */
async function removeStale(path: string): Promise<void> {
  refuseIfHeld(await readHolder(path));
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && isRunning(moved)) await tryLink(aside, path);
  await rm(aside, { force: true });
  refuseIfHeld(moved);
}

function refuseIfHeld(holder: ProcessIdentity | undefined): void {
  if (!holder || !isRunning(holder)) return;
  throw new GleanerError('network-already-running', `A network runs from this data folder already, as process ${holder.pid}`, {
    details: { pid: holder.pid },
  });
}

/** `undefined` when there is no lock, or one whose content is unusable and thus nobody's. */
async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw fileError(error, path);
  }
}
