import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';
import type { Kysely } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';

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

/** Remembers which enclave a worker has for a task, if none is remembered yet. @returns the one that is remembered now */
export async function claimRelease(db: Kysely<Database>, release: EnclaveRelease): Promise<Pick<EnclaveRelease, 'enclave' | 'sealingKey'>> {
  const key = { taskId: lower(release.taskId), worker: lower(release.worker) };
  const keys = { enclave: lower(release.enclave), sealingKey: lower(release.sealingKey) };
  await db
    .insertInto('enclaveRelease')
    .values({ ...key, ...keys })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { enclave, sealingKey } = await db
    .selectFrom('enclaveRelease')
    .select(['enclave', 'sealingKey'])
    .where((is) => is.and(key))
    .executeTakeFirstOrThrow();
  return { enclave, sealingKey: sealingKey as Hex };
}
