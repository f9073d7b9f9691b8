import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { GleanerError } from '@gleaner/primitives';

/** Pid and start time of a process; a pid alone may be somebody else's by now. */
interface Owner {
  readonly pid: number;
  readonly startTime: string | undefined;
}

/**
 * Keeps a database folder for this process: the embedded engine does not notice a second one, and two would destroy the data.
 * The file `<folder>.lock` names the owner; that of a dead process is taken over. Gives the function that ends it.
 * @throws {GleanerError} data-unreadable when a living process holds the folder
 */
export function holdFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  if (!create(file)) {
    const owner = readOwner(file);
    if (owner && isRunning(owner)) {
      throw new GleanerError('data-unreadable', `The database in ${folder} is in use by process ${owner.pid}; stop it first`, {
        details: { database: folder, pid: owner.pid },
      });
    }
    rmSync(file, { force: true });
    if (!create(file)) return holdFolder(folder);
  }
  return () => rmSync(file, { force: true });
}

/** False when the file is there already. */
function create(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) } satisfies Owner));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** undefined when the owner died while it wrote the file. */
function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** A process that was killed and not yet waited for by its parent does not count. */
function isRunning({ pid, startTime }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const [state] = statOf(pid);
  return startTimeOf(pid) === startTime && state !== 'Z' && state !== 'X';
}

/** Field 22 of the process status; undefined where there is no /proc. */
function startTimeOf(pid: number): string | undefined {
  return statOf(pid)[19];
}

/** Fields 3 and following of /proc/<pid>/stat, counted after the bracket that ends the name; none where there is no /proc. */
function statOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}
