import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  accountFromKey,
  createAccount,
  createKeyStore,
  createSymmetricKeyFile,
  decodePrivateKey,
  passwordFile,
  readKeyFile,
  readSymmetricKeyFile,
  writeKeyFile,
} from '@gleaner/keys';
import fc from 'fast-check';
import { Keystore } from 'ox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Published examples of the Web3 secret storage definition; both hold this key under `testpassword`. */
const PUBLISHED_KEY = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';
const PUBLISHED_ADDRESS = '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b';
const PUBLISHED = {
  scrypt: {
    address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
      ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
      kdf: 'scrypt',
      kdfparams: { dklen: 32, n: 262144, p: 8, r: 1, salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19' },
      mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
  pbkdf2: {
    address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
      ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
      kdf: 'pbkdf2',
      kdfparams: { c: 262144, dklen: 32, prf: 'hmac-sha256', salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd' },
      mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
};

const LIGHT = { scryptN: 1024 };
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gleaner-keys-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = (): Promise<string> => mkdtemp(join(root, 'store-'));

describe('a key store', () => {
  test('gives back the account it created, to the right password only', async () => {
    const store = createKeyStore(join(await folder(), 'keys'), LIGHT);
    const { address } = await store.create(() => 'correct horse');
    expect((await store.list()).map((key) => key.address)).toEqual([address]);
    expect((await store.unlock(address, () => 'correct horse')).address).toBe(address);
    await expect(store.unlock(address, () => 'wrong')).rejects.toMatchObject({ code: 'key-invalid' });
  });

  test('writes files of mode 0600 in a folder of mode 0700, and leaves nothing else', async () => {
    const keys = join(await folder(), 'keys');
    const { path } = await createKeyStore(keys, LIGHT).create(() => 'x');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    expect(await readdir(keys)).toHaveLength(1);
  });

  test('refuses a file that others may read', async () => {
    const store = createKeyStore(await folder(), LIGHT);
    const { address, path } = await store.create(() => 'x');
    await chmod(path, 0o640);
    await expect(store.unlock(address, () => 'x')).rejects.toMatchObject({ code: 'key-invalid', details: { mode: '0640' } });
  });

  test('keeps one key per account', async () => {
    const store = createKeyStore(await folder(), LIGHT);
    const { key } = createAccount();
    await store.import(key, () => 'x');
    await expect(store.import(key, () => 'y')).rejects.toMatchObject({ code: 'bad-request' });
  });

  test.each(Object.entries(PUBLISHED))('opens the published %s example', async (name, keystore) => {
    const keys = await folder();
    await writeFile(join(keys, name), JSON.stringify(keystore), { mode: 0o600 });
    const account = await createKeyStore(keys).unlock(PUBLISHED_ADDRESS, () => 'testpassword');
    expect(account.address).toBe(accountFromKey(decodePrivateKey(PUBLISHED_KEY)).address);
  });

  test('writes what another implementation opens', async () => {
    const store = createKeyStore(await folder(), LIGHT);
    const { key } = createAccount();
    const { path } = await store.import(key, () => 'päss wörd');
    const keystore = JSON.parse(await readFile(path, 'utf8')) as Keystore.Keystore;
    expect(Keystore.decrypt(keystore, Keystore.toKey(keystore, { password: 'päss wörd' }))).toBe(key);
  });

  test('names unknown accounts, foreign files and greedy key derivations', async () => {
    const keys = await folder();
    const store = createKeyStore(keys, LIGHT);
    await expect(store.unlock(PUBLISHED_ADDRESS, () => 'x')).rejects.toMatchObject({ code: 'key-not-found' });
    await writeFile(join(keys, 'notes.txt'), 'hello', { mode: 0o644 });
    expect(await store.list()).toEqual([]);
    const { crypto } = PUBLISHED.scrypt;
    const greedy = { ...PUBLISHED.scrypt, crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, n: 2 ** 30 } } };
    await writeFile(join(keys, 'greedy'), JSON.stringify(greedy), { mode: 0o600 });
    await expect(store.unlock(PUBLISHED_ADDRESS, () => 'x')).rejects.toMatchObject({ code: 'key-invalid' });
  });
});

describe('a plain key file', () => {
  test('is read by its owner alone, and never replaced', async () => {
    const path = join(await folder(), 'key');
    const { key } = createAccount();
    await writeKeyFile(path, key);
    expect(await readKeyFile(path)).toBe(key);
    await expect(writeKeyFile(path, key)).rejects.toMatchObject({ code: 'bad-request' });
    await chmod(path, 0o604);
    await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'key-invalid' });
    await expect(readKeyFile(`${path}-none`)).rejects.toMatchObject({ code: 'key-not-found' });
  });

  test('takes a password from its first line', async () => {
    const path = join(await folder(), 'password');
    await writeFile(path, 'secret\nignored\n', { mode: 0o600 });
    expect(await passwordFile(path)()).toBe('secret');
  });
});

test('an error about a key never holds it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-zA-Z]{8,80}$/), (text) => {
      try {
        decodePrivateKey(text);
      } catch (error) {
        expect(inspect(error, { depth: 8 }).split(/\n\s+at /)[0]).not.toContain(text);
      }
    }),
  );
  expect(() => decodePrivateKey(`0x${'0'.repeat(64)}`)).toThrow(/secp256k1/);
});

describe('a symmetric key file', () => {
  test('holds 32 random bytes for its owner alone, and is never replaced', async () => {
    const path = join(await folder(), 'deep', 'master.key');
    const key = await createSymmetricKeyFile(path);
    expect(Buffer.compare(await readFile(path), key)).toBe(0);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(createSymmetricKeyFile(path)).rejects.toMatchObject({ code: 'bad-request' });
    expect(Buffer.compare(await readSymmetricKeyFile(path), key)).toBe(0);
  });

  test('is refused when it is missing, has another size, or others may read it', async () => {
    const path = join(await folder(), 'master.key');
    await expect(readSymmetricKeyFile(path)).rejects.toMatchObject({ code: 'key-not-found' });
    await writeFile(path, new Uint8Array(31), { mode: 0o600 });
    await expect(readSymmetricKeyFile(path)).rejects.toMatchObject({ code: 'key-invalid', details: { size: 31 } });
    await writeFile(path, new Uint8Array(32));
    await chmod(path, 0o640);
    await expect(readSymmetricKeyFile(path)).rejects.toMatchObject({ code: 'key-invalid' });
  });
});
