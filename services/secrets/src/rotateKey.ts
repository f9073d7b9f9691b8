import { randomBytes } from 'node:crypto';
import { readSymmetricKeyFile } from '@gleaner/keys';
import { GleanerError } from '@gleaner/primitives';
import {
  findLastLogRow,
  inTransaction,
  listAnswers,
  listLogEvents,
  listSecrets,
  lockSecretLog,
  openStore,
  resealAnswer,
  resealSecret,
  type Store,
  type StoredAnswer,
  type StoredSecret,
  type StoreOptions,
  type Transaction,
} from '@gleaner/store';
import { append } from './adapters/secretStore.ts';
import { openAnswerKey, sealAnswerKey } from './domain/answerKey.ts';
import { logKeys, sealLogKeys } from './domain/logKeys.ts';
import { deriveKeys, type MasterKeys } from './domain/masterKeys.ts';
import { NONCE_BYTES } from './domain/sealAtRest.ts';
import { openSecret, sealSecret } from './domain/sealSecret.ts';
import { isHashOf } from './domain/secretLog.ts';
import { adoptNextKey, findNextKey, openNextKey } from './nextKey.ts';
import { verifyLog } from './verifyLog.ts';

const PAGE = 500;

export interface Rotated {
  /** Secrets that were sealed anew. */
  readonly secrets: number;
  /** Keys of enclaves' answers that were sealed anew. */
  readonly answers: number;
  /** The database was done already; the file of the key has followed now. */
  readonly resumed: boolean;
}

/**
 * Gives a database another key: everything is sealed anew and the log goes on with the new key, in one transaction; then the file of the
 * key is replaced. Killed at any moment, the database is wholly of one key and that key is on disk; doing it again brings it to its end.
 * A service that runs meanwhile with the old key opens and writes nothing more.
 * @param path file of the key; the new one lies beside it with `.next` until it takes its place
 * @throws {GleanerError} key-not-found, key-invalid, data-corrupt for a log or secret that is not sound, disk-full, data-unreadable
 */
export async function rotateKey({ db }: Pick<Store, 'db'>, path: string): Promise<Rotated> {
  const old = deriveKeys(await readSymmetricKeyFile(path));
  const begun = await findNextKey(path);
  const last = await findLastLogRow(db);
  if (begun !== undefined && last !== undefined && isHashOf(begun.log, last)) {
    await adoptNextKey(path);
    return { secrets: 0, answers: 0, resumed: true };
  }
  const next = await openNextKey(path);
  const counts = await inTransaction(db, (trx) => sealAnew(trx, old, next));
  await adoptNextKey(path);
  return { ...counts, resumed: false };
}

/** `rotateKey` on a database that this process opens and closes. @throws {GleanerError} also database-unreachable */
export async function rotateKeyOf(database: StoreOptions, path: string): Promise<Rotated> {
  const store = await openStore(database);
  try {
    return await rotateKey(store, path);
  } finally {
    await store.close();
  }
}

async function sealAnew(trx: Transaction, old: MasterKeys, next: MasterKeys): Promise<Omit<Rotated, 'resumed'>> {
  // nobody writes a line, and so nobody a secret, before this is over
  await lockSecretLog(trx);
  const rotations = await listLogEvents(trx, 'key.rotated');
  await assertSound(trx, old);
  const secrets = await resealSecrets(trx, old, next);
  const answers = await resealAnswers(trx, old, next);
  const older = sealLogKeys(next.atRest, logKeys(old, rotations), randomBytes(NONCE_BYTES));
  const line = { event: 'key.rotated', atMs: Date.now(), fields: { secrets, answers, ...older } } as const;
  await append(trx, { follows: old.log, writes: next.log }, line);
  return { secrets, answers };
}

/** A log that was altered must be found by its old key, not buried under a new one. */
async function assertSound(trx: Transaction, old: MasterKeys): Promise<void> {
  const { fault } = await verifyLog({ db: trx }, old);
  if (fault === undefined) return;
  const { sequence, says } = fault;
  throw new GleanerError('data-corrupt', `Line ${sequence} of the log of secrets: ${says}; the key stays as it is`, {
    details: { sequence },
  });
}

async function resealSecrets(trx: Transaction, old: MasterKeys, next: MasterKeys): Promise<number> {
  const list = (after?: StoredSecret) => listSecrets(trx, { ...(after && { after }), limit: PAGE });
  return forEach(list, async (secret) => {
    const value = openSecret(old.atRest, secret, secret);
    await resealSecret(trx, { ...secret, ...sealSecret(next.atRest, secret, value, randomBytes(NONCE_BYTES)) });
  });
}

async function resealAnswers(trx: Transaction, old: MasterKeys, next: MasterKeys): Promise<number> {
  const list = (after?: StoredAnswer) => listAnswers(trx, { ...(after && { after }), limit: PAGE });
  return forEach(list, async (stored) => {
    const answerKey = Buffer.from(openAnswerKey(old.atRest, stored, stored.answer).slice(2), 'hex');
    await resealAnswer(trx, { ...stored, answer: sealAnswerKey(next.atRest, stored, answerKey, randomBytes(NONCE_BYTES)) });
  });
}

/** Handles all that there are, a page at a time. @returns how many */
async function forEach<T>(list: (after?: T) => Promise<readonly T[]>, handle: (one: T) => Promise<void>): Promise<number> {
  let count = 0;
  for (let page = await list(); page.length > 0; page = await list(page.at(-1))) {
    for (const one of page) await handle(one);
    count += page.length;
  }
  return count;
}
