import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './fileErrors.ts';

/** Room without which a network cannot work, bytes. */
const PROBE_BYTES = 64 * 1024;

/** Whether a folder takes no more data: parts of the network that fail for that reason report it in words of their own. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const path = join(folder, `${randomUUID().slice(0, 8)}.tmp`);
  try {
    await writeFile(path, Buffer.alloc(PROBE_BYTES), { mode: 0o600 });
    return false;
  } catch (error) {
    return fileError(error, path).code === 'disk-full';
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}
