import { randomBytes } from 'node:crypto';
import { GleanerError } from '@gleaner/primitives';
import { readSecretBytes, writeSecretFile } from './secretFile.ts';

const SYMMETRIC_KEY_BYTES = 32;

/**
 * Key of a file that holds nothing but 32 bytes.
 * @throws {GleanerError} key-not-found; key-invalid when it has another size or others may read it; data-unreadable
 */
export async function readSymmetricKeyFile(path: string): Promise<Uint8Array> {
  const bytes = await readSecretBytes(path);
  if (bytes.length === SYMMETRIC_KEY_BYTES) return bytes;
  throw new GleanerError('key-invalid', `${path} has ${bytes.length} bytes; a key has ${SYMMETRIC_KEY_BYTES}`, {
    details: { path, size: bytes.length },
  });
}

/** Creates a file of mode 0600 with a new random key. @throws {GleanerError} bad-request when it exists; data-unreadable, disk-full */
export async function createSymmetricKeyFile(path: string): Promise<Uint8Array> {
  const key = randomBytes(SYMMETRIC_KEY_BYTES);
  await writeSecretFile(path, key);
  return key;
}
