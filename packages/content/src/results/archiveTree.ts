import { GleanerError } from '@gleaner/primitives';
import { type ArchiveEntry, listEntries } from './listEntries.ts';
import { comparePaths, type ResultFile, type ResultTree } from './ResultTree.ts';

export interface ArchiveLimits {
  /** Default 10 000. */
  readonly maxFiles?: number;
  /** Bytes of all files together when unpacked, default 1 GiB. */
  readonly maxBytes?: number;
}

/** The platform's part in unpacking. */
export interface Unpacking {
  /** Unpacks raw deflate data to at most so many bytes; more, or damaged data, rejects. */
  inflate(packed: Uint8Array, maxBytes: number): Promise<Uint8Array>;
  /** CRC-32 as zip uses it, unsigned. */
  crc32(bytes: Uint8Array): number;
}

/**
 * The files of a result archive, unpacked in memory one at a time. Nothing in it is trusted: names that leave the folder, links, duplicates,
 * encryption and sizes beyond the limits are refused before anything is unpacked, and no entry unpacks to more than it declared.
 * @throws {GleanerError} result-invalid, output-too-large; while a file is read too
 */
export function archiveTree(
  archive: Uint8Array,
  { maxFiles = 10_000, maxBytes = 2 ** 30 }: ArchiveLimits,
  unpacking: Unpacking,
): ResultTree {
  const entries = listEntries(archive);
  if (entries.length > maxFiles) throw new GleanerError('output-too-large', `The archive has more than ${maxFiles} entries`);
  const declared = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (declared > maxBytes) throw new GleanerError('output-too-large', `The archive unpacks to ${declared} bytes, more than ${maxBytes}`);
  const files = entries.filter(({ path }) => !path.endsWith('/')).map((entry) => toFile(entry, unpacking));
  assertDisjoint(files);
  return files.sort(comparePaths);
}

function toFile(entry: ArchiveEntry, unpacking: Unpacking): ResultFile {
  return {
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    async *read() {
      yield await unpack(entry, unpacking);
    },
  };
}

/** No name twice, and no file where another needs a folder. */
function assertDisjoint(files: ResultTree): void {
  const names = new Set<string>();
  for (const { path } of files) {
    if (names.has(path)) throw refused(path, 'appears twice');
    names.add(path);
  }
  for (const { path } of files) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      if (names.has(path.slice(0, cut))) throw refused(path, 'lies below a file');
    }
  }
}

async function unpack(entry: ArchiveEntry, unpacking: Unpacking): Promise<Uint8Array> {
  const bytes = entry.deflated ? await inflateEntry(entry, unpacking) : entry.packed;
  if (bytes.length !== entry.sizeBytes || unpacking.crc32(bytes) !== entry.crc) throw refused(entry.path, 'is damaged');
  return bytes;
}

async function inflateEntry({ path, packed, sizeBytes }: ArchiveEntry, { inflate }: Unpacking): Promise<Uint8Array> {
  try {
    return await inflate(packed, sizeBytes);
  } catch (cause) {
    throw refused(path, 'is damaged', cause);
  }
}

function refused(path: string, problem: string, cause?: unknown): GleanerError {
  return new GleanerError('result-invalid', `Archive entry ${JSON.stringify(path.slice(0, 100))} ${problem}`, {
    details: { path: path.slice(0, 100) },
    ...(cause === undefined ? {} : { cause }),
  });
}
