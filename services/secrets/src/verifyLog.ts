import { readSymmetricKeyFile } from '@gleaner/keys';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { listLogEvents, listLogRows, openStore, type Store, type StoreOptions } from '@gleaner/store';
import { type KeyOfLine, keyOfLine, logKeys } from './domain/logKeys.ts';
import { deriveKeys, type MasterKeys } from './domain/masterKeys.ts';
import { checkLogRow, EMPTY_LOG, type LogFault, type LogHead } from './domain/secretLog.ts';

const PAGE = 1000;

export interface LogReport {
  /** Keep it somewhere else: given as `expected` later, it shows that nothing before was changed or cut off. */
  readonly head: LogHead;
  /** The first line that is wrong; absent for a sound log. */
  readonly fault?: LogFault;
}

/**
 * Reads the whole log and checks every line against the one before, with the key that wrote it.
 * @param keys the newest; it opens those of before
 * @param expected a head that was noted earlier
 */
export async function verifyLog(
  { db }: Pick<Store, 'db'>,
  keys: Pick<MasterKeys, 'log' | 'atRest'>,
  expected?: LogHead,
): Promise<LogReport> {
  const rotations = await listLogEvents(db, 'key.rotated');
  const last = rotations.at(-1);
  let keyOf: KeyOfLine;
  try {
    keyOf = keyOfLine(logKeys(keys, rotations), rotations);
  } catch (error) {
    if (last === undefined || !isGleanerError(error)) throw error;
    return { head: EMPTY_LOG, fault: { sequence: last.sequence, hash: last.hash, says: 'it does not give the older keys of the log' } };
  }
  return await checkLines(db, keyOf, expected);
}

async function checkLines(db: Store['db'], keyOf: KeyOfLine, expected: LogHead | undefined): Promise<LogReport> {
  let head = EMPTY_LOG;
  let seen = expected === undefined || expected.sequence === 0n;
  for (let rows = await listLogRows(db, { after: 0n, limit: PAGE }); rows.length > 0; ) {
    for (const row of rows) {
      const fault = checkLogRow(keyOf(row.sequence), head, row) ?? differs(row, expected);
      if (fault !== undefined) return { head, fault };
      head = row;
      seen ||= row.sequence === expected?.sequence;
    }
    rows = await listLogRows(db, { after: head.sequence, limit: PAGE });
  }
  const { sequence, hash } = head;
  if (seen) return { head: { sequence, hash } };
  return { head: { sequence, hash }, fault: { sequence, hash, says: `the log ends here, but it had ${expected?.sequence} lines` } };
}

function differs({ sequence, hash }: LogHead, expected: LogHead | undefined): LogFault | undefined {
  if (sequence !== expected?.sequence || hash === expected.hash) return undefined;
  return { sequence, hash, says: 'it is not the line that was noted earlier' };
}

/**
 * `verifyLog` on a database that this process opens and closes, with the key of a file.
 * @throws {GleanerError} data-corrupt naming the first wrong line; key-not-found, key-invalid, database-unreachable
 */
export async function verifyLogOf(database: StoreOptions, keyFile: string, expected?: LogHead): Promise<LogHead> {
  const keys = deriveKeys(await readSymmetricKeyFile(keyFile));
  const store = await openStore(database);
  try {
    const { head, fault } = await verifyLog(store, keys, expected);
    if (fault === undefined) return head;
    const { sequence, says } = fault;
    throw new GleanerError('data-corrupt', `Line ${sequence} of the log of secrets: ${says}`, { details: { sequence } });
  } finally {
    await store.close();
  }
}
