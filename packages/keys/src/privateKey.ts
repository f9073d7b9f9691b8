import type { Hex } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import type { LocalAccount } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

declare const secret: unique symbol;
/** 32 secret bytes as lower-case hex. It never enters an error, a log or an argument list. */
export type PrivateKey = Hex & { readonly [secret]: true };

/** 0x, optional, then 64 hexadecimal digits. */
const PRIVATE_KEY = /^(?:0x)?[0-9a-fA-F]{64}$/;

/** @throws {GleanerError} key-invalid, without the value */
export function decodePrivateKey(value: unknown, source = 'The private key'): PrivateKey {
  if (typeof value !== 'string' || !PRIVATE_KEY.test(value.trim())) {
    throw new GleanerError('key-invalid', `${source} must be 0x and 64 hexadecimal digits`);
  }
  const digits = value.trim().replace(/^0x/, '').toLowerCase();
  const key = `0x${digits}` as PrivateKey;
  accountFromKey(key);
  return key;
}

/** A key from the system's secure randomness. */
export function createPrivateKey(): PrivateKey {
  return generatePrivateKey() as PrivateKey;
}

/** Signer of a key. @throws {GleanerError} key-invalid when the number is zero or not below the order of the curve */
export function accountFromKey(key: PrivateKey): LocalAccount {
  try {
    return privateKeyToAccount(key);
  } catch {
    throw new GleanerError('key-invalid', 'The private key is not a number of the curve secp256k1');
  }
}

/** A new key with its signer. */
export function createAccount(): { readonly key: PrivateKey; readonly account: LocalAccount } {
  const key = createPrivateKey();
  return { key, account: accountFromKey(key) };
}
