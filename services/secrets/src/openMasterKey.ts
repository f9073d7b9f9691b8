import { createSymmetricKeyFile, readSymmetricKeyFile } from '@gleaner/keys';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { findLastLogRow, type Store } from '@gleaner/store';
import { deriveKeys, type MasterKeys } from './domain/masterKeys.ts';
import { isHashOf } from './domain/secretLog.ts';

/**
 * The keys of the service, from its key file. The file is made only for a database that has no log yet: a lost key is never replaced by
 * one that opens nothing.
 * @throws {GleanerError} key-not-found; key-invalid for a file of another size, one that others may read, or one that did not write the log
 */
export async function openMasterKey({ db }: Pick<Store, 'db'>, path: string): Promise<MasterKeys> {
  const last = await findLastLogRow(db);
  const keys = deriveKeys(last === undefined ? await readOrCreate(path) : await readSymmetricKeyFile(path));
  if (last === undefined || isHashOf(keys.log, last)) return keys;
  throw new GleanerError('key-invalid', `The key in ${path} did not write the log of secrets in this database, or the log was altered`, {
    details: { path, sequence: last.sequence },
  });
}

/** Of several that start at once one makes the file, and all read it. */
async function readOrCreate(path: string): Promise<Uint8Array> {
  try {
    return await readSymmetricKeyFile(path);
  } catch (error) {
    if (!isGleanerError(error) || error.code !== 'key-not-found') throw error;
    return await createSymmetricKeyFile(path).catch(() => readSymmetricKeyFile(path));
  }
}
