import { type ArchiveLimits, readArchive } from './readArchive.ts';

/** Files of an archive that its beneficiary alone can open, as the stock client looks for them: the key under RSA, and what it encrypts. */
export const ENCRYPTED_FILES = { key: 'aes-key.rsa', result: 'iexec_out.zip.aes' } as const;

/**
 * Whether an archive has the form of an encrypted result. What is in it, and whether it is the agreed result, nobody but the beneficiary can say.
 * @throws {GleanerError} result-invalid for what is no archive, output-too-large
 */
export function isEncryptedArchive(archive: Uint8Array, limits: ArchiveLimits = {}): boolean {
  const names = readArchive(archive, limits).map(({ path }) => path);
  return names.length === 2 && Object.values(ENCRYPTED_FILES).every((name) => names.includes(name));
}
