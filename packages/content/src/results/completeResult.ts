import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPUTED_FILE, OUTPUT_FOLDER } from './computedFile.ts';

/**
 * Writes a computed.json that names the whole output folder, when the program wrote none.
 * @param folder the program's output folder on this machine
 */
export async function completeResult(folder: string): Promise<void> {
  const path = join(folder, COMPUTED_FILE);
  try {
    await writeFile(path, `${JSON.stringify({ 'deterministic-output-path': OUTPUT_FOLDER })}\n`, { flag: 'wx' });
  } catch (error) {
    await stat(path).catch(() => {
      throw error;
    });
  }
}
