import { enclaveClosingHash } from '@gleaner/api';
import { type Bytes32, GleanerError, type Hex } from '@gleaner/primitives';
import { personalSignDigest } from '@gleaner/protocol';
import { type AnswerOf, openAnswerKey } from './domain/answerKey.ts';
import { isSigned, type SecretsDeps } from './setSecret.ts';

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
  const { taskId, worker, enclave, workerSignature: signature } = request;
  const digest = personalSignDigest(enclaveClosingHash({ taskId, enclave }));
  if (!(await isSigned(facts, { signer: worker, digest, signature })))
    throw new GleanerError('unauthorized', `The request is not signed by ${worker}`, { details: { worker } });
  const of = { taskId, worker, enclave };
  const answer = await store.close(of, { event: 'enclave.closed', atMs: clock.nowMs(), fields: of });
  if (answer !== undefined) return openAnswerKey(keys.atRest, of, answer);
  throw new GleanerError('enclave-already-released', `${enclave} is not the current enclave of ${worker} for task ${taskId}`, {
    details: { ...of },
  });
}
