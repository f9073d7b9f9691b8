import { lengthPrefixed } from '@gleaner/attestation';
import { GleanerError, invariant } from '@gleaner/primitives';
import type { SealedSecret, SecretLogRow } from '@gleaner/store';
import { NONCE_BYTES, openAtRest, sealAtRest } from './sealAtRest.ts';

/** HMAC-SHA256. */
const KEY_BYTES = 32;
const SUBJECT = lengthPrefixed(['gleaner/older-log-keys/1']);

/** What a line `key.rotated` has beside the counts of what was sealed anew. */
interface Rotation {
  /** Keys of all lines before, the oldest first: 12 bytes of nonce, then AES-256-GCM under the new key at rest. Hexadecimal digits. */
  readonly olderLogKeys: string;
}

/** Older keys of the log for the line that begins a new one: they open with the new key at rest alone, and check lines of before. */
export function sealLogKeys(key: Uint8Array, older: readonly Uint8Array[], nonce: Uint8Array): Rotation {
  const { ciphertext } = sealAtRest({ key, subject: SUBJECT }, Buffer.concat(older), nonce);
  return { olderLogKeys: Buffer.concat([nonce, ciphertext]).toString('hex') };
}

/** Key of each line of a log. */
export type KeyOfLine = (sequence: bigint) => Uint8Array;

/**
 * Which key wrote which line: a line `key.rotated` and those after it are of the key that came then.
 * @param rotations all lines of that event, in their order
 * @throws {GleanerError} data-corrupt when the last of them does not open with this key at rest
 */
export function logKeys(
  { atRest, log }: { readonly atRest: Uint8Array; readonly log: Uint8Array },
  rotations: readonly SecretLogRow[],
): readonly Uint8Array[] {
  const last = rotations.at(-1);
  if (last === undefined) return [log];
  const bytes = openAtRest({ key: atRest, subject: SUBJECT }, sealedOf(last));
  if (bytes?.length !== rotations.length * KEY_BYTES) {
    throw new GleanerError('data-corrupt', `Line ${last.sequence} of the log of secrets does not give the older keys of the log`, {
      details: { sequence: last.sequence },
    });
  }
  const older = rotations.map((_, index) => bytes.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES));
  return [...older, log];
}

/** @param keys as `logKeys` gives them for these rotations */
export function keyOfLine(keys: readonly Uint8Array[], rotations: readonly SecretLogRow[]): KeyOfLine {
  return (sequence) => {
    const key = keys[rotations.filter((rotation) => rotation.sequence <= sequence).length];
    invariant(key !== undefined, 'There is one key more than rotations', { keys: keys.length, rotations: rotations.length });
    return key;
  };
}

function sealedOf({ entry }: SecretLogRow): SealedSecret {
  const { olderLogKeys } = readEntry(entry);
  const bytes = Buffer.from(typeof olderLogKeys === 'string' ? olderLogKeys : '', 'hex');
  const nonce = Buffer.alloc(NONCE_BYTES);
  bytes.copy(nonce);
  return { nonce, ciphertext: bytes.subarray(NONCE_BYTES) };
}

function readEntry(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
