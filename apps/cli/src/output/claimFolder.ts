import { readdir, rename, rm } from 'node:fs/promises';
import { fileError, isMissing } from '@gleaner/localnet';
import { GleanerError, show } from '@gleaner/primitives';

/** Files that every result has, that of a program that failed too. */
const RESULT_FILES = ['stdout.txt', 'stderr.txt'];

/** What is in a folder; undefined when there is none. @throws {GleanerError} data-unreadable */
export async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, folder);
  }
}

/**
 * Whether a result may be put there: the folder is absent, empty, or holds an earlier result. Changes nothing.
 * @throws {GleanerError} bad-request, data-unreadable
 */
export async function assertClaimable(folder: string): Promise<void> {
  const names = (await namesIn(folder)) ?? [];
  if (names.length === 0 || RESULT_FILES.every((name) => names.includes(name))) return;
  throw new GleanerError('bad-request', `${show(folder)} holds other files; name a folder that is new, empty, or an earlier result`, {
    details: { option: '--out', path: show(folder) },
  });
}

/**
 * Makes room for a result. An earlier one is kept as `<folder>.previous`, in place of the one before it; nothing else ever goes.
 * @throws {GleanerError} bad-request, data-unreadable
 */
export async function claimFolder(folder: string): Promise<void> {
  await assertClaimable(folder);
  if (((await namesIn(folder)) ?? []).length === 0) return;
  const previous = `${folder}.previous`;
  await assertClaimable(previous);
  try {
    await rm(previous, { recursive: true, force: true });
    await rename(folder, previous);
  } catch (error) {
    throw fileError(error, folder);
  }
}
