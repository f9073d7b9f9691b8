import { pbkdf2, randomBytes, randomUUID, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { type Address, GleanerError, type Hex } from '@gleaner/primitives';
import * as Keystore from 'ox/Keystore';
import { getAddress, hexToBytes } from 'viem';
import { accountFromKey, decodePrivateKey, type PrivateKey } from './privateKey.ts';

const pbkdf2Async = promisify(pbkdf2);
const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** Content of a Web3 secret storage file, version 3. */
export interface Web3Keystore extends Keystore.Keystore {
  /** Lower case, without 0x. */
  readonly address?: string;
}

/** Work of the key derivation: about half a second and 128 MiB. A power of two. */
export const SCRYPT_N = 2 ** 17;
const SCRYPT_R = 8;
const SCRYPT_P = 1;
/** A hostile file shall not make us take all memory (bytes), or compute for ever. */
const MOST_MEMORY = 2 ** 30;
const MOST_ROUNDS = 10_000_000;

/** Encrypts a key. @param n work factor, a power of two; lower it in tests only */
export async function encryptKey(key: PrivateKey, password: string, n: number = SCRYPT_N): Promise<Web3Keystore> {
  const kdfparams = { dklen: 32, n, r: SCRYPT_R, p: SCRYPT_P, salt: randomBytes(32).toString('hex') };
  const derived = await deriveKey('scrypt', kdfparams, password);
  const keystore = Keystore.encrypt(key, derived, { id: randomUUID(), iv: randomBytes(16), kdf: 'scrypt', kdfparams });
  return { ...keystore, address: accountFromKey(key).address.slice(2).toLowerCase() };
}

/** @throws {GleanerError} key-invalid for a wrong password or a damaged file, which cannot be told apart */
export async function decryptKey(keystore: Web3Keystore, password: string): Promise<PrivateKey> {
  const { kdf, kdfparams } = keystore.crypto;
  const derived = await deriveKey(kdf, kdfparams as Record<string, unknown>, password);
  const key = decodePrivateKey(decrypt(keystore, derived), 'The decrypted key');
  const expected = addressOf(keystore);
  if (expected !== undefined && accountFromKey(key).address !== expected) {
    throw new GleanerError('data-corrupt', `The key file names ${expected}, but holds the key of another account`);
  }
  return key;
}

/** @throws {GleanerError} key-invalid when the text is no Web3 v3 key file */
export function parseKeystore(text: string, path: string): Web3Keystore {
  const value = parseJson(text) as Partial<Web3Keystore> | undefined;
  const { crypto, version } = value ?? {};
  const wellFormed =
    version === 3 &&
    crypto?.cipher === 'aes-128-ctr' &&
    [crypto.ciphertext, crypto.mac, crypto.cipherparams?.iv].every((field) => /^(?:[0-9a-f]{2})+$/i.test(String(field))) &&
    typeof crypto.kdfparams === 'object';
  if (!wellFormed) throw new GleanerError('key-invalid', `${path} is no Web3 key file of version 3`, { details: { path } });
  return value as Web3Keystore;
}

/** The account a key file says it holds. */
export function addressOf({ address }: Web3Keystore): Address | undefined {
  if (typeof address !== 'string' || !/^(?:0x)?[0-9a-f]{40}$/i.test(address)) return undefined;
  return getAddress(`0x${address.replace(/^0x/, '').toLowerCase()}`);
}

async function deriveKey(kdf: string, params: Record<string, unknown>, password: string): Promise<Hex> {
  const salt = Buffer.from(String(params['salt']), 'hex');
  const length = Number(params['dklen']);
  if (length !== 32) throw unsupported('dklen', length);
  if (kdf === 'scrypt') return toHex(await runScrypt(password, salt, params));
  if (kdf === 'pbkdf2') return toHex(await runPbkdf2(password, salt, params));
  throw unsupported('kdf', kdf);
}

async function runScrypt(password: string, salt: Buffer, params: Record<string, unknown>): Promise<Buffer> {
  const [N, r, p] = [Number(params['n']), Number(params['r']), Number(params['p'])];
  const memory = 128 * N * r;
  if (!(N > 1 && r > 0 && p > 0) || !Number.isInteger(Math.log2(N)) || memory > MOST_MEMORY || p > 64) {
    throw unsupported('scrypt', `n ${N}, r ${r}, p ${p}`);
  }
  // OpenSSL refuses n of 2^(16 r) and above, which some wallets choose; that derivation runs in JavaScript and holds the process up for seconds
  if (N >= 2 ** (16 * r)) return Buffer.from(bytesOf(Keystore.scrypt({ password, salt, n: N, r, p })[0]));
  return scryptAsync(password, salt, 32, { N, r, p, maxmem: memory + 128 * r * p + 1024 * 1024 });
}

function bytesOf(key: Keystore.Key): Uint8Array {
  return hexToBytes(typeof key === 'function' ? key() : key);
}

function runPbkdf2(password: string, salt: Buffer, params: Record<string, unknown>): Promise<Buffer> {
  const rounds = Number(params['c']);
  if (params['prf'] !== 'hmac-sha256' || !(rounds > 0 && rounds <= MOST_ROUNDS))
    throw unsupported('pbkdf2', `${String(params['prf'])}, ${rounds}`);
  return pbkdf2Async(password, salt, rounds, 32, 'sha256');
}

function decrypt(keystore: Keystore.Keystore, derived: Hex): Hex {
  try {
    return Keystore.decrypt(keystore, derived);
  } catch {
    throw new GleanerError('key-invalid', 'The password is wrong, or the key file is damaged');
  }
}

function unsupported(what: string, value: string | number): GleanerError {
  return new GleanerError('key-invalid', `The key file asks for an unsupported key derivation: ${what} ${value}`);
}

function toHex(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
