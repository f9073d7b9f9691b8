import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '@gleaner/primitives';
import { fileError, isMissing } from './fileErrors.ts';

/**
 * Makes a folder of our own (0700) with its parents, or checks that the existing one can be used.
 * @throws {GleanerError} data-unreadable, disk-full
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeWithParents(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Step by step: the recursive mkdir of Node never ends where no folder can be made, as in /proc. */
async function makeWithParents(path: string): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
    await makeWithParents(dirname(path));
    await make(path);
  }
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  }
}
