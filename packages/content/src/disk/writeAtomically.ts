import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a file that appears whole or not at all, also after a crash: temporary file, sync, rename.
 * The name itself is durable only after `syncFolder` of its folder.
 * @param options.changed time of change that the file gets
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  { temporaryFolder, changed }: { readonly temporaryFolder: string; readonly changed: Date },
): Promise<void> {
  const temporary = join(temporaryFolder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    await withFile(temporary, 'wx', async (file) => {
      await file.writeFile(bytes);
      await file.utimes(changed, changed);
      await file.datasync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  await withFile(folder, 'r', (file) => file.sync());
}

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
