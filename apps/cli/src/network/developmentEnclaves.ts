import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Attestation, createDevAttestation, createDevelopmentRoot, decodeDevelopmentRoot, publicRootOf } from '@gleaner/attestation';
import { measureEnclave } from '@gleaner/enclave';
import { fileReason, GleanerError } from '@gleaner/primitives';

/** File of the development root, below the data folder. */
export const rootPathOf = (dataDir: string): string => join(dataDir, 'enclave', 'root.json');

/**
 * What the secret service of a local network trusts: a root that is made with the network and never leaves its folder, and the enclave code
 * of this installation, measured while the network starts.
 * @throws {GleanerError} key-invalid, data-unreadable, disk-full
 */
export async function openDevAttestation(dataDir: string): Promise<Attestation> {
  const root = decodeDevelopmentRoot(await readOrCreate(rootPathOf(dataDir)));
  const codes = measureEnclave().then((code) => [code]);
  // A failure is met by whoever asks for the measurement.
  codes.catch(() => undefined);
  return await createDevAttestation({ root: publicRootOf(root), codes });
}

async function readOrCreate(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const text = JSON.stringify(await createDevelopmentRoot());
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return text;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return await readFile(path, 'utf8');
    throw new GleanerError(fileReason(cause) ?? 'data-unreadable', `The development root cannot be kept in ${path}`, {
      details: { path },
      cause,
    });
  }
}
