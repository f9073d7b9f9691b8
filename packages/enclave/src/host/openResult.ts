import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Bytes32, GleanerError } from '@gleaner/primitives';
import { type EnclaveResult, enclaveResult } from '../messages.ts';
import { type AnswerSubject, openAnswer } from '../sealedAnswer.ts';

/** What an enclave left with its host, to be opened when the secret service gives the key. */
export interface SealedResult extends AnswerSubject {
  /** Base64. */
  readonly answer: string;
  readonly sealedArchivePath: string;
}

/**
 * Opens the answer of an enclave and puts its archive at a path, whole or not at all. May be repeated.
 * @throws {GleanerError} data-corrupt for another key or altered bytes; data-unreadable
 */
export async function openResult(sealed: SealedResult, answerKey: Bytes32, archivePath: string): Promise<EnclaveResult> {
  const text = openAnswer('answer', Buffer.from(sealed.answer, 'base64'), answerKey, sealed).toString('utf8');
  const result = enclaveResult.safeParse(JSON.parse(text));
  if (!result.success) throw new GleanerError('data-corrupt', `The answer of enclave ${sealed.enclave} has not the form of one`);
  const archive = openAnswer('archive', await read(sealed.sealedArchivePath), answerKey, sealed);
  await writeFile(`${archivePath}.new`, archive, { mode: 0o600 });
  await rename(`${archivePath}.new`, archivePath);
  return result.data;
}

async function read(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: unknown) => {
    throw new GleanerError('data-unreadable', `The sealed archive ${path} cannot be read`, { details: { path }, cause });
  });
}
