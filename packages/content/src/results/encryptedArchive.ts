import { isEncryptedTree } from './encryptedFiles.ts';
import { type ArchiveLimits, readArchive } from './readArchive.ts';

/**
 * Whether an archive has the form of an encrypted result. What is in it, and whether it is the agreed result, nobody but the beneficiary can say.
 * @throws {GleanerError} result-invalid for what is no archive, output-too-large
 */
export function isEncryptedArchive(archive: Uint8Array, limits: ArchiveLimits = {}): boolean {
  return isEncryptedTree(readArchive(archive, limits));
}
