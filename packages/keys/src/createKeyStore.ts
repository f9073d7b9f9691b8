import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, GleanerError, isGleanerError } from '@gleaner/primitives';
import type { LocalAccount } from 'viem';
import { isAddressEqual } from 'viem';
import { askPassword, type PasswordSource } from './password.ts';
import { accountFromKey, createPrivateKey, type PrivateKey } from './privateKey.ts';
import { fileFailure, readSecretFile, writeSecretFile } from './secretFile.ts';
import { addressOf, decryptKey, encryptKey, parseKeystore, SCRYPT_N, type Web3Keystore } from './web3Keystore.ts';

export interface StoredKey {
  readonly address: Address;
  readonly path: string;
}

/**
 * Encrypted keys in a folder, one Web3 v3 file each (scrypt, mode 0600), readable by other wallets.
 * Files that others may read are refused, never repaired in silence.
 */
export interface KeyStore {
  /** Accounts with a key here, in the order of the file names. Files that are no key files are passed over. */
  list(): Promise<StoredKey[]>;
  /** A new key. */
  create(password: PasswordSource): Promise<StoredKey>;
  /** @throws {GleanerError} bad-request when the account has a key here */
  import(key: PrivateKey, password: PasswordSource): Promise<StoredKey>;
  /** The signer of an account. @throws {GleanerError} key-not-found; key-invalid for a wrong password */
  unlock(address: Address, password: PasswordSource): Promise<LocalAccount>;
}

export interface KeyStoreOptions {
  /** Work factor for new keys. */
  readonly scryptN?: number;
  readonly nowMs?: () => number;
}

export function createKeyStore(folder: string, { scryptN = SCRYPT_N, nowMs = Date.now }: KeyStoreOptions = {}): KeyStore {
  const list = async (): Promise<StoredKey[]> => {
    const names = (await namesIn(folder)).filter((name) => !name.startsWith('.')).sort();
    const keys = await Promise.all(names.map((name) => findKey(join(folder, name))));
    return keys.flatMap((key) => key ?? []);
  };

  const find = async (address: Address): Promise<StoredKey | undefined> =>
    (await list()).find((key) => isAddressEqual(key.address, address));

  const importKey = async (key: PrivateKey, password: PasswordSource): Promise<StoredKey> => {
    const { address } = accountFromKey(key);
    const existing = await find(address);
    if (existing) throw new GleanerError('bad-request', `${address} has a key file already: ${existing.path}`, { details: { address } });
    const path = join(folder, fileName(address, nowMs()));
    const keystore = await encryptKey(key, await askPassword(password), scryptN);
    await writeSecretFile(path, `${JSON.stringify(keystore)}\n`);
    return { address, path };
  };

  return {
    list,
    create: (password) => importKey(createPrivateKey(), password),
    import: importKey,
    async unlock(address, password) {
      const stored = await find(address);
      if (!stored) throw new GleanerError('key-not-found', `There is no key of ${address} in ${folder}`, { details: { address, folder } });
      const keystore = parseKeystore(await readSecretFile(stored.path), stored.path);
      return accountFromKey(await decryptKey(keystore, await askPassword(password)));
    },
  };
}

/** As other wallets name such files: `UTC--2026-01-31T12-00-00.000Z--<address>`. */
function fileName(address: Address, ms: number): string {
  return `UTC--${new Date(ms).toISOString().replaceAll(':', '-')}--${address.slice(2).toLowerCase()}`;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return fileFailure(folder)(error);
  });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Address and path are no secret, so this reads any file; `unlock` refuses one that others may read. */
async function findKey(path: string): Promise<StoredKey | undefined> {
  const text = await readFile(path, 'utf8').catch(fileFailure(path));
  const keystore = parseOrNone(text, path);
  const address = keystore && addressOf(keystore);
  return address && { address, path };
}

function parseOrNone(text: string, path: string): Web3Keystore | undefined {
  try {
    return parseKeystore(text, path);
  } catch (error) {
    if (isGleanerError(error) && error.code === 'key-invalid') return undefined;
    throw error;
  }
}
