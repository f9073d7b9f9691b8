import { createDecipheriv, createHash } from 'node:crypto';
import { GleanerError, type Hex } from '@gleaner/primitives';

const IV_BYTES = 16;
const KEY_BYTES = 32;
/** 32 bytes in base64, padding included. */
const KEY_TEXT = /^[A-Za-z0-9+/]{43}=$/;

/**
 * The data set behind what its owner has stored: IV (16 bytes), then AES-256-CBC with PKCS#7, as the stock client encrypts.
 * The mode has no tag of its own: the checksum on chain is what tells an altered file.
 * @param key base64 of 32 bytes
 * @param checksum SHA-256 of the encrypted file, as the data set is registered
 * @throws {GleanerError} content-corrupt for another file; key-invalid for a key that does not open it. No value is in the message
 */
export function decryptDataset(encrypted: Uint8Array, { key, checksum }: { readonly key: string; readonly checksum: Hex }): Uint8Array {
  const actual = `0x${createHash('sha256').update(encrypted).digest('hex')}`;
  if (actual !== checksum.toLowerCase())
    throw new GleanerError('content-corrupt', `The data set is registered with checksum ${checksum}, the file has ${actual}`, {
      details: { expected: checksum, actual },
    });
  if (!KEY_TEXT.test(key.trim())) throw new GleanerError('key-invalid', 'The key of the data set is not 32 bytes in base64');
  const secret = Buffer.from(key.trim(), 'base64');
  try {
    if (secret.length !== KEY_BYTES) throw new RangeError();
    const decipher = createDecipheriv('aes-256-cbc', secret, encrypted.subarray(0, IV_BYTES));
    return Buffer.concat([decipher.update(encrypted.subarray(IV_BYTES)), decipher.final()]);
  } catch {
    throw new GleanerError('key-invalid', 'The key of the data set does not open its file');
  } finally {
    secret.fill(0);
  }
}
