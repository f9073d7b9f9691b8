import { createSymmetricKeyFile, readSymmetricKeyFile } from '@gleaner/keys';
import { GleanerError } from '@gleaner/primitives';
import { findLastLogRow, type SecretLogRow, type Store } from '@gleaner/store';
import { deriveKeys, type MasterKeys } from './domain/masterKeys.ts';
import { isHashOf } from './domain/secretLog.ts';
import { adoptNextKey, findNextKey } from './nextKey.ts';
import { readOrCreate } from './readOrCreate.ts';

/**
 * The keys of the service, from its key file. The file is made only for a database that has no log yet: a lost key is never replaced by
 * one that opens nothing. A rotation that was cut off between the database and the file is brought to its end.
 * @throws {GleanerError} key-not-found; key-invalid for a file of another size, one that others may read, or one that did not write the log
 */
export async function openMasterKey({ db }: Pick<Store, 'db'>, path: string): Promise<MasterKeys> {
  const last = await findLastLogRow(db);
  if (last === undefined) return deriveKeys(await readOrCreateKey(path));
  const keys = (await findWriter(path, last)) ?? (await takeUpNext(path, last));
  if (keys !== undefined) return keys;
  throw new GleanerError('key-invalid', `The key in ${path} did not write the log of secrets in this database, or the log was altered`, {
    details: { path, sequence: last.sequence },
  });
}

/** The keys of the file when they wrote the line. */
async function findWriter(path: string, line: SecretLogRow): Promise<MasterKeys | undefined> {
  const keys = deriveKeys(await readSymmetricKeyFile(path));
  return isHashOf(keys.log, line) ? keys : undefined;
}

/** The keys of a rotation when they wrote the line. Of several that start at once one moves the file, and all have its keys. */
async function takeUpNext(path: string, line: SecretLogRow): Promise<MasterKeys | undefined> {
  const next = await findNextKey(path);
  if (next === undefined) return await findWriter(path, line); // somebody else may have moved it
  if (!isHashOf(next.log, line)) return undefined;
  await adoptNextKey(path);
  return next;
}

const readOrCreateKey = (path: string): Promise<Uint8Array> =>
  readOrCreate(
    () => readSymmetricKeyFile(path),
    () => createSymmetricKeyFile(path),
  );
