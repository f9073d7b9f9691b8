import { type Attestation, createDevAttestation, createDevelopmentRoot, decodeDevelopmentRoot, publicRootOf } from '@gleaner/attestation';
import { measureEnclave } from '@gleaner/enclave';
import { readSecretFile, writeSecretFile } from '@gleaner/keys';
import { isGleanerError } from '@gleaner/primitives';

/**
 * What the secret service of a local network trusts: a root that is made by the first that asks and never leaves its folder, and the enclave code
 * of this installation, measured while the network starts.
 * @throws {GleanerError} key-invalid, data-unreadable, disk-full
 */
export async function openDevAttestation(rootPath: string): Promise<Attestation> {
  const root = decodeDevelopmentRoot(await readOrCreate(rootPath));
  const codes = measureEnclave().then((code) => [code]);
  // A failure is met by whoever asks for the measurement.
  codes.catch(() => undefined);
  return await createDevAttestation({ root: publicRootOf(root), codes });
}

/** Whole or not at all; of several that start at once one makes the file, and all read it. */
async function readOrCreate(path: string): Promise<string> {
  const existing = await readSecretFile(path).catch((error: unknown) => {
    if (!isGleanerError(error) || error.code !== 'key-not-found') throw error;
  });
  if (existing !== undefined) return existing;
  const text = JSON.stringify(await createDevelopmentRoot());
  return await writeSecretFile(path, text).then(
    () => text,
    () => readSecretFile(path),
  );
}
