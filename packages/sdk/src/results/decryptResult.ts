import { ENCRYPTED_FILES, openArchive, type ResultTree, readWhole } from '@gleaner/content/results';
import { GleanerError } from '@gleaner/primitives';
import { decryptCbc } from '../datasets/encryptDataset.ts';
import { rsaDecrypt } from './rsaDecrypt.ts';

const KEY_BYTES = 32;

/**
 * The plain archive inside an encrypted result, as enclaves and stock clients make it: the AES-256 key under RSA, and IV ‖ AES-256-CBC.
 * Whether it is the agreed result its digest tells (`fetchResult` checks it).
 * @param privateKey PEM of PKCS#8, of the pair whose public key the beneficiary has pushed
 * @throws {GleanerError} result-invalid for what is no encrypted result; key-invalid
 */
export async function decryptResult(
  archive: Uint8Array,
  { privateKey }: { readonly privateKey: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const tree = openArchive(archive);
  const [wrapped, body] = await Promise.all([wholeOf(tree, ENCRYPTED_FILES.key), wholeOf(tree, ENCRYPTED_FILES.result)]);
  const raw = await rsaDecrypt(wrapped, privateKey);
  if (raw.length !== KEY_BYTES) throw new GleanerError('key-invalid', 'What the private key opens is no AES-256 key');
  const key = await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['decrypt']);
  return await decryptCbc(body, key, 'The key inside the result does not open its archive');
}

async function wholeOf(tree: ResultTree, name: string): Promise<Uint8Array> {
  const file = tree.find(({ path }) => path === name);
  if (file !== undefined) return await readWhole(file);
  throw new GleanerError('result-invalid', `The archive is no encrypted result: ${name} is missing`, { details: { path: name } });
}
