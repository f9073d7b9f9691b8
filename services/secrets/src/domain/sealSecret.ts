import { createCipheriv, createDecipheriv } from 'node:crypto';
import { GleanerError } from '@gleaner/primitives';
import type { SealedSecret, SecretId } from '@gleaner/store';
import { lengthPrefixed } from './lengthPrefixed.ts';

const TAG_BYTES = 16;

/**
 * A secret as the database holds it: AES-256-GCM, its tag at the end, bound to kind, owner and name.
 * @param nonce 12 random bytes, never used with this key before
 */
export function sealSecret(key: Uint8Array, id: SecretId, value: string, nonce: Uint8Array): SealedSecret {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData(id));
  return { nonce, ciphertext: Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]) };
}

/** @throws {GleanerError} data-corrupt when it was sealed with another key or for another secret, or was altered */
export function openSecret(key: Uint8Array, id: SecretId, { nonce, ciphertext }: SealedSecret): string {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(id));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    const { kind, owner, name } = id;
    throw new GleanerError('data-corrupt', `The ${kind} secret of ${owner} does not open with the key of this service`, {
      details: { kind, owner, name },
    });
  }
}

const additionalData = ({ kind, owner, name }: SecretId): Buffer => lengthPrefixed('gleaner/secret/1', kind, owner.toLowerCase(), name);
