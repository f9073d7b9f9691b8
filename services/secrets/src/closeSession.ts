import { enclaveClosingHash } from '@gleaner/api';
import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { assertWorkerSigned } from './assertWorkerSigned.ts';
import { type AnswerOf, openAnswerKey } from './domain/answerKey.ts';
import type { SecretsDeps } from './setSecret.ts';

export interface ClosingRequest extends AnswerOf {
  /** By the worker over `enclaveClosingHash`, personal_sign. */
  readonly workerSignature: Hex;
}

/**
 * Gives the key that opens the answer of an enclave, when it is the current one of its worker for the task. From then on none takes its
 * place. Asked again it gives the same key.
 * @throws {GleanerError} unauthorized, enclave-already-released
 */
export async function closeSession({ facts, store, keys, clock }: SecretsDeps, request: ClosingRequest): Promise<Bytes32> {
  const { taskId, worker, enclave, workerSignature } = request;
  await assertWorkerSigned(facts, { worker, hash: enclaveClosingHash({ taskId, enclave }), workerSignature });
  const of = { taskId, worker, enclave };
  const answer = await store.close(of, { event: 'enclave.closed', atMs: clock.nowMs(), fields: of });
  if (answer !== undefined) return openAnswerKey(keys.atRest, of, answer);
  throw new GleanerError('enclave-already-released', `${enclave} is not the current enclave of ${worker} for task ${taskId}`, {
    details: { ...of },
  });
}
