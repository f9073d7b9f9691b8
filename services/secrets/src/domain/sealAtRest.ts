import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SealedSecret } from '@gleaner/store';

/** GCM takes 12 bytes. */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes as the database holds them. */
export interface AtRest {
  readonly key: Uint8Array;
  /** What the bytes are of: they open for nothing else. */
  readonly subject: Uint8Array;
}

/**
 * AES-256-GCM, its tag at the end, bound to its subject.
 * @param nonce 12 random bytes, never used with this key before
 */
export function sealAtRest({ key, subject }: AtRest, bytes: Uint8Array, nonce: Uint8Array): SealedSecret {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(subject);
  return { nonce, ciphertext: Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]) };
}

/** @returns undefined when it was sealed with another key or for another subject, or was altered */
export function openAtRest({ key, subject }: AtRest, { nonce, ciphertext }: SealedSecret): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(subject);
  try {
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
