import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { EnclaveReleaseTable, SealedSecret } from './rows.ts';

/** Uses a nonce up. @returns true exactly once for each nonce, until it is purged after `expiresAt` */
export async function burnNonce(db: Kysely<Database>, { nonce, expiresAt }: { nonce: Bytes32; expiresAt: Date }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('enclaveNonce')
    .values({ nonce, expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Forgets nonces that expired before `now`; nobody may take such a nonce any more. */
export async function purgeNonces(db: Kysely<Database>, now: Date): Promise<void> {
  await db.deleteFrom('enclaveNonce').where('expiresAt', '<', now).execute();
}

export interface EnclaveRelease {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly enclave: Address;
  readonly sealingKey: Hex;
}

/** Which enclave of a worker is the current one for a task. */
export interface CurrentRelease extends Pick<EnclaveRelease, 'enclave' | 'sealingKey'> {
  /** Key of its answer, encrypted; absent for releases of versions that knew none, which are closed. */
  readonly answer?: SealedSecret;
  readonly isClosed: boolean;
}

/**
 * Makes this the current enclave of its worker for the task, in the place of another one that is not closed, unless `most` enclaves were
 * given before. The same enclave stays as it is. @returns the one that is current now
 */
export async function claimRelease(
  db: Kysely<Database>,
  release: EnclaveRelease,
  { answer, most }: { readonly answer: SealedSecret; readonly most: number },
): Promise<CurrentRelease> {
  const key = { taskId: lower(release.taskId), worker: lower(release.worker) };
  const keys = { enclave: lower(release.enclave), sealingKey: lower(release.sealingKey) };
  const given = { ...keys, answerNonce: answer.nonce, answerKey: answer.ciphertext };
  await db
    .insertInto('enclaveRelease')
    .values({ ...key, ...given })
    .onConflict((conflict) =>
      conflict
        .columns(['taskId', 'worker'])
        .doUpdateSet((is) => ({ ...given, enclaves: is('enclaveRelease.enclaves', '+', 1) }))
        .where('enclaveRelease.closedAt', 'is', null)
        .where('enclaveRelease.enclaves', '<', most)
        .where((is) => is.or([is('enclaveRelease.enclave', '<>', keys.enclave), is('enclaveRelease.sealingKey', '<>', keys.sealingKey)])),
    )
    .execute();
  const row = await db
    .selectFrom('enclaveRelease')
    .selectAll()
    .where((is) => is.and(key))
    .executeTakeFirstOrThrow();
  return toCurrent(row);
}

/**
 * Closes the release to this enclave, if it is the current one: no other takes its place any more.
 * @returns it as it was before, so that whoever closes it first can be told from who asks again; absent when another one is current
 */
export async function closeRelease(
  trx: Transaction<Database>,
  { taskId, worker, enclave }: Omit<EnclaveRelease, 'sealingKey'>,
): Promise<CurrentRelease | undefined> {
  const key = { taskId: lower(taskId), worker: lower(worker), enclave: lower(enclave) };
  const row = await trx
    .selectFrom('enclaveRelease')
    .selectAll()
    .where((is) => is.and(key))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.closedAt === null) {
    await trx
      .updateTable('enclaveRelease')
      .set({ closedAt: new Date() })
      .where((is) => is.and(key))
      .execute();
  }
  return toCurrent(row);
}

type ReleaseRow = Selectable<EnclaveReleaseTable>;

function toCurrent({ enclave, sealingKey, answerNonce, answerKey, closedAt }: ReleaseRow): CurrentRelease {
  return {
    enclave,
    sealingKey: sealingKey as Hex,
    ...(answerNonce && answerKey ? { answer: { nonce: answerNonce, ciphertext: answerKey } } : {}),
    isClosed: closedAt !== null,
  };
}
