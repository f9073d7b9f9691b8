import { lstat, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPUTED_FILE, MAX_COMPUTED_BYTES, parseComputedFile } from './computedFile.ts';

/**
 * Adds fields for people to read; no rule of a digest looks at them. A file that no result can have is left for the digest to refuse.
 * @param folder the program's output folder on this machine, with its computed.json
 */
export async function noteInComputedFile(folder: string, note: Readonly<Record<string, unknown>>): Promise<void> {
  const path = join(folder, COMPUTED_FILE);
  if (!(await lstat(path)).isFile() || (await stat(path)).size > MAX_COMPUTED_BYTES) return;
  const fields = tryParse(await readFile(path, 'utf8'));
  if (fields === undefined) return;
  await rm(path); // it may be linked to from elsewhere
  await writeFile(path, `${JSON.stringify({ ...fields, ...note })}\n`, { flag: 'wx' });
}

function tryParse(text: string): Record<string, unknown> | undefined {
  try {
    return parseComputedFile(text);
  } catch {
    return undefined;
  }
}
