import { createSymmetricKeyFile, moveSecretFile, readSymmetricKeyFile } from '@gleaner/keys';
import { isGleanerError } from '@gleaner/primitives';
import { deriveKeys, type MasterKeys } from './domain/masterKeys.ts';

/** Where the key lies that a rotation goes to, until it takes the place of the one before. */
const nextPath = (path: string): string => `${path}.next`;

/** Keys from the file of a rotation under way. @throws {GleanerError} key-invalid */
export async function findNextKey(path: string): Promise<MasterKeys | undefined> {
  try {
    return deriveKeys(await readSymmetricKeyFile(nextPath(path)));
  } catch (error) {
    if (isGleanerError(error) && error.code === 'key-not-found') return undefined;
    throw error;
  }
}

/** The same, made when there is none. It is on disk before anything is sealed with it. @throws {GleanerError} disk-full, data-unreadable */
export async function openNextKey(path: string): Promise<MasterKeys> {
  return (await findNextKey(path)) ?? deriveKeys(await createSymmetricKeyFile(nextPath(path)));
}

/**
 * Puts the key of a rotation in the place of the old one, which is gone then. Of several at once one does it, and all go on.
 * @throws {GleanerError} data-unreadable where the folder may not be written to
 */
export async function adoptNextKey(path: string): Promise<void> {
  await moveSecretFile(nextPath(path), path).catch((error: unknown) => {
    if (!isGleanerError(error) || error.code !== 'key-not-found') throw error;
  });
}
