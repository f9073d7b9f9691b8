import { constants, createCipheriv, createDecipheriv, createHash, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { decryptDataset, decryptResult, encryptDataset, generateDatasetKey, generateResultKey, listResultFiles } from '../src/index.ts';

const bytes = fc.uint8Array({ maxLength: 400 });

describe('a data set', () => {
  test('is opened by others who know the layout, and by us', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        const { encrypted, key, checksum } = await encryptDataset(data);
        const decipher = createDecipheriv('aes-256-cbc', Buffer.from(key, 'base64'), encrypted.subarray(0, 16));
        expect(Buffer.concat([decipher.update(encrypted.subarray(16)), decipher.final()]).equals(data)).toBe(true);
        expect(await decryptDataset(encrypted, { key })).toEqual(new Uint8Array(data));
        expect(checksum).toBe(`0x${createHash('sha256').update(encrypted).digest('hex')}`);
      }),
      { numRuns: 30 },
    );
  });

  test('is different each time, under the same key too', async () => {
    const key = generateDatasetKey();
    const data = Buffer.from('the same');
    const [first, second] = [await encryptDataset(data, { key }), await encryptDataset(data, { key })];
    expect(first.checksum).not.toBe(second.checksum);
  });

  test.each(['', 'abc', `${randomBytes(31).toString('base64')}`, `${randomBytes(32).toString('hex')}`, `${'A'.repeat(42)}B=`])(
    'is refused a key like %s',
    async (key) => {
      await expect(encryptDataset(Buffer.from('data'), { key })).rejects.toMatchObject({ code: 'key-invalid' });
    },
  );

  test('stays closed for another key, or gives other bytes', async () => {
    const { encrypted } = await encryptDataset(Buffer.from('data'));
    const opened = await decryptDataset(encrypted, { key: generateDatasetKey() }).catch(({ code }) => code);
    if (opened !== 'key-invalid') expect(Buffer.from(opened).toString()).not.toBe('data');
  });
});

describe('an encrypted result', () => {
  let mine: { readonly publicKey: string; readonly privateKey: string };
  beforeAll(async () => {
    mine = await generateResultKey();
  });

  test('made by another implementation is opened with the key of its beneficiary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), bytes, { minKeys: 1, maxKeys: 3 }), async (files) => {
        const archive = sealAsOthers(zipSync(files), pemOf(mine.publicKey));
        const entries = listResultFiles(await decryptResult(archive, mine));
        expect(entries.map(({ path }) => path)).toEqual(Object.keys(files).sort());
        for (const { path, read } of entries) expect(await read()).toEqual(new Uint8Array(files[path] as Uint8Array));
      }),
      { numRuns: 8 },
    );
  });

  test('for a longer key of another maker too', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const archive = sealAsOthers(zipSync({ a: Buffer.from('1') }), pair.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(listResultFiles(await decryptResult(archive, { privateKey })).map(({ path }) => path)).toEqual(['a']);
  });

  test('stays closed for everybody else', async () => {
    const archive = sealAsOthers(zipSync({ a: Buffer.from('1') }), pemOf(mine.publicKey));
    const others = await generateResultKey();
    await expect(decryptResult(archive, others)).rejects.toMatchObject({ code: 'key-invalid' });
    await expect(decryptResult(archive, { privateKey: 'no key' })).rejects.toMatchObject({ code: 'key-invalid' });
  });

  test('is told from what is none, and from a damaged one', async () => {
    await expect(decryptResult(zipSync({ a: Buffer.from('1') }), mine)).rejects.toMatchObject({ code: 'result-invalid' });
    await expect(decryptResult(Buffer.from('no zip'), mine)).rejects.toMatchObject({ code: 'result-invalid' });
    const damaged = zipSync({ 'aes-key.rsa': randomBytes(256), 'iexec_out.zip.aes': randomBytes(64) });
    await expect(decryptResult(damaged, mine)).rejects.toMatchObject({ code: 'key-invalid' });
  });
});

const pemOf = (publicKey: string): string => Buffer.from(publicKey, 'base64').toString();

/** As stock clients and enclaves do: AES-256-CBC under a fresh key, the key under RSA with PKCS#1 v1.5. */
function sealAsOthers(archive: Uint8Array, publicKey: string): Uint8Array {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const body = Buffer.concat([iv, cipher.update(archive), cipher.final()]);
  return zipSync({
    'aes-key.rsa': publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key),
    'iexec_out.zip.aes': body,
  });
}
