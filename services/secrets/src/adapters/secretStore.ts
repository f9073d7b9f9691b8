import { GleanerError } from '@gleaner/primitives';
import {
  burnNonce,
  claimRelease,
  findLastLogRow,
  findSecret,
  hasSecret,
  insertLogRow,
  insertSecret,
  inTransaction,
  lockSecretLog,
  purgeNonces,
  replaceSecret,
  type Store,
} from '@gleaner/store';
import { EMPTY_LOG, isHashOf, nextLogRow } from '../domain/secretLog.ts';
import type { LogLine, SecretStore } from '../ports.ts';

type Db = Store['db'];
type Transaction = Parameters<Parameters<typeof inTransaction>[1]>[0];

/** How long after its end a used nonce is remembered, so that a replica whose clock is behind refuses it too. */
const NONCE_MEMORY_MS = 600_000;

/** Secrets, log and releases in the database. A change and its line are one transaction. */
export function createSecretStore(db: Db, logKey: Uint8Array): SecretStore {
  /** Commits the line with a change that took place, and nothing with one that did not. */
  const logged = (change: (trx: Transaction) => Promise<boolean>, line: LogLine): Promise<boolean> =>
    inTransaction(db, async (trx) => {
      const changed = await change(trx);
      if (changed) await append(trx, logKey, line);
      return changed;
    });
  return {
    has: (id) => hasSecret(db, id),
    find: (id) => findSecret(db, id),
    create: (id, sealed, line) => logged((trx) => insertSecret(trx, id, sealed), line),
    replace: (id, sealed, line) => logged((trx) => replaceSecret(trx, id, sealed), line),
    async burn(nonce, expiresAtMs) {
      await purgeNonces(db, new Date(expiresAtMs - NONCE_MEMORY_MS));
      return await burnNonce(db, { nonce, expiresAt: new Date(expiresAtMs) });
    },
    release: (release, line) =>
      logged(async (trx) => {
        const { enclave, sealingKey } = await claimRelease(trx, release);
        return enclave === release.enclave.toLowerCase() && sealingKey === release.sealingKey.toLowerCase();
      }, line),
  };
}

/** A replica with another key must not write behind the others: nobody could read what it keeps. */
async function append(trx: Transaction, logKey: Uint8Array, line: LogLine): Promise<void> {
  await lockSecretLog(trx);
  const last = await findLastLogRow(trx);
  if (last !== undefined && !isHashOf(logKey, last)) {
    throw new GleanerError('data-corrupt', `Line ${last.sequence} of the log of secrets was changed, or written with another key`, {
      details: { sequence: last.sequence },
    });
  }
  await insertLogRow(trx, nextLogRow(logKey, last ?? EMPTY_LOG, line));
}
