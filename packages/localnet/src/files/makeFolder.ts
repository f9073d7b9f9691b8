import { access, constants, mkdir } from 'node:fs/promises';
import { fileError } from './fileErrors.ts';

/**
 * Makes a folder of our own (0700) with its parents, or checks that the existing one can be used.
 * @throws {GleanerError} data-unreadable, disk-full
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw errorOfExisting(error, path);
  }
}

function errorOfExisting(error: unknown, path: string): unknown {
  const exists = error instanceof Error && (error as NodeJS.ErrnoException).code === 'EEXIST';
  return exists ? fileError(Object.assign(new Error('not a folder'), { code: 'ENOTDIR' }), path) : fileError(error, path);
}
