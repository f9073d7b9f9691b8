import { type Bytes32, GleanerError } from '@gleaner/primitives';
import { sha256 } from 'viem';
import { fromBase64, toBase64 } from './base64.ts';

const IV_BYTES = 16;
const KEY_BYTES = 32;

/** A data set as its owner stores it. */
export interface EncryptedDataset {
  /** IV (16 bytes), then AES-256-CBC with PKCS#7, as stock clients lay it out. */
  readonly encrypted: Uint8Array<ArrayBuffer>;
  /** Base64 of 32 bytes: what `pushSecret` takes. Whoever has it can read the data. */
  readonly key: string;
  /** SHA-256 of the encrypted bytes, under which the data set is registered. */
  readonly checksum: Bytes32;
}

/** A fresh key for a data set: base64 of 32 random bytes. */
export function generateDatasetKey(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}

/**
 * Encrypts a data set for enclaves, with a key made on the spot unless one is given. Nothing is sent. Needs the whole of it in memory twice.
 * @throws {GleanerError} key-invalid for a key that is not base64 of 32 bytes
 */
export async function encryptDataset(
  data: Uint8Array,
  { key = generateDatasetKey() }: { readonly key?: string } = {},
): Promise<EncryptedDataset> {
  const secret = await importKey(key, 'encrypt');
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const body = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, secret, data as Uint8Array<ArrayBuffer>));
  const encrypted = new Uint8Array(IV_BYTES + body.length);
  encrypted.set(iv);
  encrypted.set(body, IV_BYTES);
  return { encrypted, key, checksum: sha256(encrypted) as Bytes32 };
}

/**
 * Opens what `encryptDataset` or a stock client made: to look whether a key and a file belong together. The mode has no tag of its own: only
 * the checksum on chain tells an altered file.
 * @throws {GleanerError} key-invalid for a key that is malformed or does not open the file
 */
export async function decryptDataset(encrypted: Uint8Array, { key }: { readonly key: string }): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await importKey(key, 'decrypt');
  return await decryptCbc(encrypted, secret, 'The key does not open the data set');
}

/** Opens IV ‖ AES-256-CBC. @throws {GleanerError} key-invalid with the given message */
export async function decryptCbc(encrypted: Uint8Array, key: CryptoKey, message: string): Promise<Uint8Array<ArrayBuffer>> {
  const iv = encrypted.slice(0, IV_BYTES);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, encrypted.slice(IV_BYTES)));
  } catch (cause) {
    throw new GleanerError('key-invalid', message, { cause });
  }
}

async function importKey(key: string, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const bytes = fromBase64(key.trim());
  if (bytes?.length !== KEY_BYTES) throw new GleanerError('key-invalid', `The key of a data set is base64 of ${KEY_BYTES} bytes`);
  return await crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, [use]);
}
