import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { translateFileError } from '@gleaner/content';

/**
 * The file is there whole or not at all; folders on the way are made.
 * @throws {GleanerError} disk-full, data-unreadable
 */
export async function writeReceipt(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  } catch (error) {
    await rm(`${path}.new`, { force: true }).catch(() => undefined);
    throw translateFileError(error, path);
  }
}
