import { GleanerError } from '@gleaner/primitives';
import { type ArchiveLimits, archiveTree, type Unpacking } from './archiveTree.ts';
import { type DigestOptions, digestOf, type ResultDigest } from './digestOf.ts';
import { concatBytes, type ResultTree, readWhole } from './ResultTree.ts';

const ANYWHERE: Unpacking = { inflate, crc32 };

/** `readArchive` for browsers too. @throws {GleanerError} result-invalid, output-too-large; while a file is read too */
export function openArchive(archive: Uint8Array, limits: ArchiveLimits = {}): ResultTree {
  return archiveTree(archive, limits, ANYWHERE);
}

/** Digest of the result in an archive, in browsers too; the same as `archiveDigest`. @throws {GleanerError} result-invalid, output-too-large */
export function treeDigest(tree: ResultTree, options: DigestOptions = {}): Promise<ResultDigest> {
  return digestOf(tree, options, async (file) => new Uint8Array(await crypto.subtle.digest('SHA-256', await readWhole(file))));
}

async function inflate(packed: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of piecesOf(source.pipeThrough(new DecompressionStream('deflate-raw')))) {
      size += piece.length;
      if (size > maxBytes) throw new GleanerError('result-invalid', `The data unpacks to more than the ${maxBytes} bytes declared`);
      pieces.push(piece);
    }
  } catch (error) {
    // Streams refuse bytes behind the end of the data, which other readers of zip ignore; the checksum decides about what came before.
    if (size !== maxBytes) throw error;
  }
  return concatBytes(pieces);
}

/** Streams are not async iterable in every browser. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Reflected polynomial 0x04c11db7. Source: PKWARE application note (APPNOTE.TXT), 4.4.7. */
const POLYNOMIAL = 0xedb88320;

let table: Uint32Array | undefined;

function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
