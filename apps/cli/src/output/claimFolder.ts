import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GleanerError, show } from '@gleaner/primitives';

/** Files that every result has, that of a program that failed too. */
const RESULT_FILES = ['stdout.txt', 'stderr.txt'];

/**
 * Makes room for a result in a folder: one that is absent, empty, or holds an earlier result, which goes. Anything else is left alone.
 * @throws {GleanerError} bad-request
 */
export async function claimFolder(folder: string): Promise<void> {
  await assertClaimable(folder);
  await rm(folder, { recursive: true, force: true });
}

/** Refuses what `claimFolder` refuses, and changes nothing. @throws {GleanerError} bad-request */
export async function assertClaimable(folder: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (names.length === 0 || RESULT_FILES.every((name) => names.includes(name))) return;
  throw new GleanerError('bad-request', `${show(folder)} holds other files; name a folder that is new, empty, or an earlier result`, {
    details: { option: '--out', path: show(folder) },
  });
}

/** Puts a finished folder in the place of another one that may be replaced. @throws {GleanerError} bad-request */
export async function moveInto(finished: string, folder: string): Promise<void> {
  await claimFolder(folder);
  await mkdir(dirname(folder), { recursive: true });
  await rename(finished, folder);
}
