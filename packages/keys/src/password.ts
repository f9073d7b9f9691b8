import { GleanerError } from '@gleaner/primitives';
import { readSecretFile } from './secretFile.ts';

/** Asks for the password when it is needed: a prompt, or a file. Never an argument of the command line. */
export type PasswordSource = () => Promise<string> | string;

/** First line of a file that only its owner may read. */
export function passwordFile(path: string): PasswordSource {
  return async () => (await readSecretFile(path)).split(/\r?\n/, 1)[0] ?? '';
}

export async function askPassword(source: PasswordSource): Promise<string> {
  const password = await source();
  if (password === '') throw new GleanerError('key-invalid', 'The password is empty');
  return password;
}
