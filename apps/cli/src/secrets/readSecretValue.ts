import { GleanerError } from '@gleaner/primitives';
import { askSecret } from '../output/ask.ts';
import { readUserFile } from '../session.ts';

/** A secret from a file, as it stands there but for one line end; or typed at the terminal. Never from the command line. */
export async function readSecretValue(file: string | undefined): Promise<string> {
  if (file !== undefined) return decode(await readUserFile(file, 'input-missing')).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) throw new GleanerError('bad-request', 'There is no terminal to ask for the secret at; pass --value-file');
  return await askSecret('Secret');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GleanerError('bad-request', 'A secret is text in UTF-8; encode other bytes, for example as base64', { cause });
  }
}
