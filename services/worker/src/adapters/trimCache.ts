import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Deletes the files that were not used for the longest time until the folder fits; `keep` stays, and so do partial downloads. */
export async function trimCache(dir: string, maxBytes: number, keep: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => !name.endsWith('.part'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= maxBytes) return;
    if (path === keep) continue;
    await rm(path, { force: true });
    total -= size;
  }
}
