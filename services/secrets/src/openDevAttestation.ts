import { type Attestation, createDevAttestation, createDevelopmentRoot, decodeDevelopmentRoot, publicRootOf } from '@gleaner/attestation';
import { measureEnclave } from '@gleaner/enclave';
import { readSecretFile, writeSecretFile } from '@gleaner/keys';
import { readOrCreate } from './readOrCreate.ts';

/**
 * What the secret service of a local network trusts: a root that is made by the first that asks and never leaves its folder, and the enclave code
 * of this installation, measured while the network starts.
 * @throws {GleanerError} key-invalid, data-unreadable, disk-full
 */
export async function openDevAttestation(rootPath: string): Promise<Attestation> {
  const text = await readOrCreate(
    () => readSecretFile(rootPath),
    () => createRootFile(rootPath),
  );
  const root = decodeDevelopmentRoot(text);
  const codes = measureEnclave().then((code) => [code]);
  // A failure is met by whoever asks for the measurement.
  codes.catch(() => undefined);
  return await createDevAttestation({ root: publicRootOf(root), codes });
}

async function createRootFile(path: string): Promise<string> {
  const text = JSON.stringify(await createDevelopmentRoot());
  await writeSecretFile(path, text);
  return text;
}
