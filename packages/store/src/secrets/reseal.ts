import type { Address, TaskId } from '@gleaner/primitives';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../Database.ts';
import type { SealedSecret, SecretId } from './rows.ts';

/** A secret as it lies in the database. */
export interface StoredSecret extends SecretId, SealedSecret {}

/** Secrets in the order of their keys, those behind `after`, `limit` at most; each is locked until the transaction ends. */
export async function listSecrets(
  trx: Transaction<Database>,
  { after, limit }: { readonly after?: SecretId; readonly limit: number },
): Promise<StoredSecret[]> {
  const behind = after && sql<boolean>`(kind, owner, name) > (${after.kind}, ${after.owner}, ${after.name})`;
  return trx
    .selectFrom('secret')
    .select(['kind', 'owner', 'name', 'nonce', 'ciphertext'])
    .$if(behind !== undefined, (query) => query.where(behind ?? sql<boolean>`true`))
    .orderBy('kind')
    .orderBy('owner')
    .orderBy('name')
    .limit(limit)
    .forUpdate()
    .execute();
}

/** The same secret under another key: its value, and so the time of its last change, stay. */
export async function resealSecret(trx: Transaction<Database>, { kind, owner, name, nonce, ciphertext }: StoredSecret): Promise<void> {
  await trx
    .updateTable('secret')
    .set({ nonce, ciphertext })
    .where((is) => is.and({ kind, owner, name }))
    .execute();
}

/** The key of an enclave's answer as it lies in the database. */
export interface StoredAnswer {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly enclave: Address;
  readonly answer: SealedSecret;
}

/** Keys of answers in the order of tasks and workers, those behind `after`, `limit` at most; each is locked until the transaction ends. */
export async function listAnswers(
  trx: Transaction<Database>,
  { after, limit }: { readonly after?: Pick<StoredAnswer, 'taskId' | 'worker'>; readonly limit: number },
): Promise<StoredAnswer[]> {
  const behind = after && sql<boolean>`(task_id, worker) > (${after.taskId}, ${after.worker})`;
  const rows = await trx
    .selectFrom('enclaveRelease')
    .select(['taskId', 'worker', 'enclave', 'answerNonce', 'answerKey'])
    .where('answerKey', 'is not', null)
    .$if(behind !== undefined, (query) => query.where(behind ?? sql<boolean>`true`))
    .orderBy('taskId')
    .orderBy('worker')
    .limit(limit)
    .forUpdate()
    .execute();
  return rows.flatMap(({ answerNonce: nonce, answerKey: ciphertext, ...row }) =>
    nonce && ciphertext ? [{ ...row, answer: { nonce, ciphertext } }] : [],
  );
}

export async function resealAnswer(
  trx: Transaction<Database>,
  { taskId, worker, answer: { nonce, ciphertext } }: StoredAnswer,
): Promise<void> {
  await trx
    .updateTable('enclaveRelease')
    .set({ answerNonce: nonce, answerKey: ciphertext })
    .where((is) => is.and({ taskId, worker }))
    .execute();
}
