import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ArchiveLimits, readArchive } from './readArchive.ts';

/**
 * Unpacks a result archive into a new or empty folder. Files are made anew and never follow a link; each is complete when the promise resolves.
 * @returns paths written, relative to the folder
 * @throws {GleanerError} result-invalid, output-too-large (nothing is written); errors of the file system, as when a file is already there
 */
export async function extractArchive(archive: Uint8Array, folder: string, limits: ArchiveLimits = {}): Promise<readonly string[]> {
  const files = readArchive(archive, limits);
  await mkdir(folder, { recursive: true });
  for (const { path, read } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const file = await open(target, 'wx', 0o644);
    try {
      for await (const piece of read()) await file.writeFile(piece);
    } finally {
      await file.close();
    }
  }
  return files.map(({ path }) => path);
}
