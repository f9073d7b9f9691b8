import { decodePrivateKey, type PrivateKey } from './privateKey.ts';
import { readSecretFile, writeSecretFile } from './secretFile.ts';

/**
 * Key of a plain file, as development networks and services use it: one line of 64 hexadecimal digits.
 * @throws {GleanerError} key-not-found; key-invalid when the content is no key or others may read the file; data-unreadable
 */
export async function readKeyFile(path: string): Promise<PrivateKey> {
  return decodePrivateKey(await readSecretFile(path), `The content of ${path}`);
}

/** Creates a plain key file of mode 0600. @throws {GleanerError} bad-request when it exists; data-unreadable, disk-full */
export function writeKeyFile(path: string, key: PrivateKey): Promise<void> {
  return writeSecretFile(path, `${key}\n`);
}
