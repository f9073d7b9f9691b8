import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type ArchiveLimits, archiveTree, type Unpacking } from './archiveTree.ts';
import type { ResultTree } from './ResultTree.ts';

export type { ArchiveLimits } from './archiveTree.ts';

const inflateBytes = promisify(inflateRaw);

const NODE: Unpacking = {
  inflate: (packed, maxBytes) => inflateBytes(packed, { maxOutputLength: Math.max(maxBytes, 1) }),
  crc32,
};

/** `archiveTree` by the means of Node. @throws {GleanerError} result-invalid, output-too-large; while a file is read too */
export function readArchive(archive: Uint8Array, limits: ArchiveLimits = {}): ResultTree {
  return archiveTree(archive, limits, NODE);
}
