import { createHash } from 'node:crypto';
import { type DigestOptions, digestOf, type ResultDigest } from './digestOf.ts';
import type { ResultFile } from './ResultTree.ts';
import { type ArchiveLimits, readArchive } from './readArchive.ts';
import { readFolder } from './readFolder.ts';

/**
 * Digest of the result in a program's output folder.
 * @throws {GleanerError} result-invalid when computed.json is absent or wrong, or names what is not there
 */
export async function resultDigest(folder: string, options: DigestOptions = {}): Promise<ResultDigest> {
  return digestOf(await readFolder(folder), options, sha256Of);
}

/**
 * Digest of the result in an archive: equal to that of the folder it was made from.
 * @throws {GleanerError} result-invalid, output-too-large
 */
export async function archiveDigest(archive: Uint8Array, options: DigestOptions & ArchiveLimits = {}): Promise<ResultDigest> {
  return digestOf(readArchive(archive, options), options, sha256Of);
}

async function sha256Of(file: ResultFile): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of file.read()) hash.update(piece);
  return hash.digest();
}
