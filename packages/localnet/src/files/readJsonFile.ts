import { readFile } from 'node:fs/promises';
import { GleanerError } from '@gleaner/primitives';
import { fileError, isMissing } from './fileErrors.ts';

/**
 * Parsed content of a JSON file, `undefined` when there is none.
 * @throws {GleanerError} data-unreadable, data-corrupt
 */
export async function findJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GleanerError('data-corrupt', `Not JSON: ${path}`, { details: { path }, cause });
  }
}
