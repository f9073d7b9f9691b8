import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { fileError } from './fileErrors.ts';

/**
 * Replaces a file in one step: readers see the old content or the new one, also after a crash of process or machine.
 * @param mode permission bits of the new file, 0600 unless told
 * @throws {GleanerError} disk-full, data-unreadable; the old file is then untouched
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
}
