import { GleanerError } from '@gleaner/primitives';
import {
  burnNonce,
  claimRelease,
  closeRelease,
  countSecrets,
  findLastLogRow,
  findSecret,
  hasSecret,
  insertLogRow,
  insertSecret,
  inTransaction,
  lockSecretLog,
  purgeNonces,
  replaceSecret,
  type SecretId,
  type Store,
  type Transaction,
} from '@gleaner/store';
import { EMPTY_LOG, isHashOf, nextLogRow } from '../domain/secretLog.ts';
import type { LogLine, SecretStore } from '../ports.ts';

type Db = Store['db'];

/** How long after its end a used nonce is remembered, so that a replica whose clock is behind refuses it too. */
const NONCE_MEMORY_MS = 600_000;

/** Enclaves that one worker may be given for one task, one after the other; each but the last was killed before it could answer. */
const MOST_ENCLAVES = 16;

export interface SecretStoreOptions {
  readonly logKey: Uint8Array;
  /** Secrets that one account may have of each kind; assets have one each. */
  readonly perOwner: number;
}

/** Secrets, log and releases in the database. A change and its line are one transaction. */
export function createSecretStore(db: Db, { logKey, perOwner }: SecretStoreOptions): SecretStore {
  const log = { follows: logKey, writes: logKey };
  /** Writers come one after the other, the log's lock first: no two count the same, and none meets a rotation of the key half-way. */
  const alone = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> =>
    inTransaction(db, async (trx) => {
      await lockSecretLog(trx);
      return await work(trx);
    });
  /** Commits the line with a change that took place, and nothing with one that did not. */
  const logged = (change: (trx: Transaction) => Promise<boolean>, line: LogLine): Promise<boolean> =>
    alone(async (trx) => {
      const changed = await change(trx);
      if (changed) await append(trx, log, line);
      return changed;
    });
  return {
    has: (id) => hasSecret(db, id),
    find: (id) => findSecret(db, id),
    create: (id, sealed, line) =>
      logged(async (trx) => {
        const created = await insertSecret(trx, id, sealed);
        if (created && (await countSecrets(trx, id)) > perOwner) throw tooMany(id, perOwner);
        return created;
      }, line),
    replace: (id, sealed, line) => logged((trx) => replaceSecret(trx, id, sealed), line),
    async burn(nonce, expiresAtMs) {
      await purgeNonces(db, new Date(expiresAtMs - NONCE_MEMORY_MS));
      return await burnNonce(db, { nonce, expiresAt: new Date(expiresAtMs) });
    },
    release: (release, answer, line) =>
      alone(async (trx) => {
        const current = await claimRelease(trx, release, { answer, most: MOST_ENCLAVES });
        if (
          current.isClosed ||
          current.enclave !== release.enclave.toLowerCase() ||
          current.sealingKey !== release.sealingKey.toLowerCase()
        )
          return undefined;
        await append(trx, log, line);
        return current.answer;
      }),
    close: (release, line) =>
      alone(async (trx) => {
        const before = await closeRelease(trx, release);
        if (before?.isClosed === false) await append(trx, log, line);
        return before?.answer;
      }),
  };
}

function tooMany({ kind, owner }: SecretId, perOwner: number): GleanerError {
  return new GleanerError('secret-limit', `${owner} has ${perOwner} ${kind} secrets; this service keeps no more of one account`, {
    details: { kind, owner, limit: perOwner },
  });
}

interface LogKeys {
  /** Of the last line. */
  readonly follows: Uint8Array;
  /** Of the new one. */
  readonly writes: Uint8Array;
}

/** Within `lockSecretLog`. A replica with another key must not write behind the others: nobody could read what it keeps. */
export async function append(trx: Transaction, { follows, writes }: LogKeys, line: LogLine): Promise<void> {
  const last = await findLastLogRow(trx);
  if (last !== undefined && !isHashOf(follows, last)) {
    throw new GleanerError('data-corrupt', `Line ${last.sequence} of the log of secrets was changed, or written with another key`, {
      details: { sequence: last.sequence },
    });
  }
  await insertLogRow(trx, nextLogRow(writes, last ?? EMPTY_LOG, line));
}
