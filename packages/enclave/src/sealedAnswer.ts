import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { lengthPrefixed } from '@gleaner/attestation';
import { type Address, type Bytes32, GleanerError, type TaskId } from '@gleaner/primitives';
import { hexToBytes } from 'viem';

/** Whose answer it is. */
export interface AnswerSubject {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly enclave: Address;
}

/** The two parts of an answer; each has a key of its own. */
type Part = 'answer' | 'archive';

const [NONCE_BYTES, TAG_BYTES] = [12, 16];

/** A part of an enclave's answer as its host gets it: nonce, then AES-256-GCM with the tag at the end, bound to task, worker and enclave. */
export function sealAnswer(part: Part, bytes: Uint8Array, answerKey: Bytes32, subject: AnswerSubject): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(part, answerKey), nonce);
  cipher.setAAD(dataOf(subject));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** @throws {GleanerError} data-corrupt for another key, part or subject, or altered bytes */
export function openAnswer(part: Part, sealed: Uint8Array, answerKey: Bytes32, subject: AnswerSubject): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(part, answerKey), sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(dataOf(subject));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new GleanerError('data-corrupt', `The ${part} of enclave ${subject.enclave} does not open with its key`, {
      details: { ...subject },
    });
  }
}

function keyOf(part: Part, answerKey: Bytes32): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', hexToBytes(answerKey), '', `gleaner/${part}/1`, 32));
}

const dataOf = ({ taskId, worker, enclave }: AnswerSubject): Uint8Array =>
  lengthPrefixed([hexToBytes(taskId), hexToBytes(worker), hexToBytes(enclave)]);
