import { lengthPrefixed } from '@gleaner/attestation';
import { type Address, type Bytes32, GleanerError, type Random, type TaskId } from '@gleaner/primitives';
import type { SealedSecret } from '@gleaner/store';
import { NONCE_BYTES, openAtRest, sealAtRest } from './sealAtRest.ts';

const KEY_BYTES = 32;

/** Whose answer a key seals. */
export interface AnswerOf {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly enclave: Address;
}

/** A new key for the answer of an enclave, as the database holds it. */
export function newAnswerKey(key: Uint8Array, of: AnswerOf, random: Random): SealedSecret {
  return sealAnswerKey(key, of, random.bytes(KEY_BYTES), random.bytes(NONCE_BYTES));
}

/** @param nonce 12 random bytes, never used with this key before */
export function sealAnswerKey(key: Uint8Array, of: AnswerOf, answerKey: Uint8Array, nonce: Uint8Array): SealedSecret {
  return sealAtRest({ key, subject: subjectOf(of) }, answerKey, nonce);
}

/** @throws {GleanerError} data-corrupt when it was sealed with another key or for another enclave, or was altered */
export function openAnswerKey(key: Uint8Array, of: AnswerOf, sealed: SealedSecret): Bytes32 {
  const bytes = openAtRest({ key, subject: subjectOf(of) }, sealed);
  if (bytes?.length === KEY_BYTES) return `0x${bytes.toString('hex')}` as Bytes32;
  const { taskId, worker, enclave } = of;
  throw new GleanerError('data-corrupt', `The key for the answer of enclave ${enclave} does not open with the key of this service`, {
    details: { taskId, worker, enclave },
  });
}

const subjectOf = ({ taskId, worker, enclave }: AnswerOf): Uint8Array =>
  lengthPrefixed(['gleaner/answer-key/1', taskId.toLowerCase(), worker.toLowerCase(), enclave.toLowerCase()]);
