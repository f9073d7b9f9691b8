import { GleanerError } from '@gleaner/primitives';
import { MAX_ARCHIVE_BYTES } from '@gleaner/protocol';
import { Zip, ZipDeflate } from 'fflate';
import type { ResultFile, ResultTree } from './ResultTree.ts';
import { readFolder } from './readFolder.ts';

/** Noon of the first day that zip can name, in whatever time zone this runs: fflate writes the local time. */
const FIXED_TIME = new Date(1980, 0, 1, 12);

/**
 * The folder as a zip that depends on names and contents alone: names sorted by their bytes, one fixed time, no attributes, no extra fields,
 * no entries for folders, deflate level 6. Equal results give equal archives, hence equal content ids.
 * @param options.maxBytes longest archive, default 50 MiB
 * @throws {GleanerError} output-too-large, result-invalid
 */
export async function* createArchive(
  folder: string,
  { maxBytes = MAX_ARCHIVE_BYTES }: { readonly maxBytes?: number } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const bytes of zip(await readFolder(folder))) {
    total += bytes.length;
    if (total > maxBytes) {
      throw new GleanerError('output-too-large', `The result is larger than ${maxBytes} bytes when packed`, { details: { maxBytes } });
    }
    yield bytes;
  }
}

async function* zip(files: ResultTree): AsyncGenerator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  const archive = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  for (const file of files) {
    for await (const _ of deflate(archive, file)) yield* ready.splice(0);
  }
  archive.end();
  yield* ready.splice(0);
}

/** Feeds one file to the archive, pausing after each piece. */
async function* deflate(archive: Zip, file: ResultFile): AsyncGenerator<void, void, undefined> {
  const entry = new ZipDeflate(file.path, { level: 6 });
  entry.mtime = FIXED_TIME;
  archive.add(entry);
  for await (const piece of file.read()) {
    entry.push(piece);
    yield;
  }
  entry.push(new Uint8Array(), true);
  yield;
}
