import { lengthPrefixed } from '@gleaner/attestation';
import { GleanerError } from '@gleaner/primitives';
import type { SealedSecret, SecretId } from '@gleaner/store';
import { openAtRest, sealAtRest } from './sealAtRest.ts';

/**
 * A secret as the database holds it, bound to kind, owner and name.
 * @param nonce 12 random bytes, never used with this key before
 */
export function sealSecret(key: Uint8Array, id: SecretId, value: string, nonce: Uint8Array): SealedSecret {
  return sealAtRest({ key, subject: subjectOf(id) }, Buffer.from(value, 'utf8'), nonce);
}

/** @throws {GleanerError} data-corrupt when it was sealed with another key or for another secret, or was altered */
export function openSecret(key: Uint8Array, id: SecretId, sealed: SealedSecret): string {
  const bytes = openAtRest({ key, subject: subjectOf(id) }, sealed);
  if (bytes !== undefined) return bytes.toString('utf8');
  const { kind, owner, name } = id;
  throw new GleanerError('data-corrupt', `The ${kind} secret of ${owner} does not open with the key of this service`, {
    details: { kind, owner, name },
  });
}

const subjectOf = ({ kind, owner, name }: SecretId): Uint8Array => lengthPrefixed(['gleaner/secret/1', kind, owner.toLowerCase(), name]);
