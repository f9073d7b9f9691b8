import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EMBEDDED_FORMAT } from '@gleaner/store';

/**
 * Where a database that nobody has used yet is kept: making one takes seconds of computing, copying it a fraction of one.
 * @returns undefined for a user without a home, who keeps none
 */
export function blankDatabasePath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const cache = env['XDG_CACHE_HOME'] || cacheAtHome();
  return cache === undefined ? undefined : join(cache, 'gleaner', EMBEDDED_FORMAT);
}

function cacheAtHome(): string | undefined {
  try {
    return join(homedir(), '.cache');
  } catch {
    return undefined;
  }
}

/**
 * Fills a folder from the kept database.
 * @returns false when there is none, or none that only this user could have written; the folder is then absent
 */
export async function copyBlankDatabase(folder: string, kept = blankDatabasePath()): Promise<boolean> {
  if (kept === undefined) return false;
  try {
    const { uid, mode } = await stat(kept);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return false;
    await cp(kept, folder, { recursive: true });
    return true;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return false;
  }
}

/** Keeps a copy of a database that was just made. A cache that cannot be written is no failure: it only costs time. */
export async function keepBlankDatabase(folder: string, kept = blankDatabasePath()): Promise<void> {
  if (kept === undefined) return;
  const draft = `${kept}.${process.pid}`;
  try {
    await mkdir(dirname(kept), { recursive: true, mode: 0o700 });
    await cp(folder, draft, { recursive: true });
    await rename(draft, kept);
  } catch {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Removes the kept database after a copy of it turned out damaged. */
export async function dropBlankDatabase(kept = blankDatabasePath()): Promise<void> {
  if (kept !== undefined) await rm(kept, { recursive: true, force: true }).catch(() => undefined);
}
