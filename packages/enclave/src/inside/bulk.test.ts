import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleasedSecrets } from '@gleaner/api';
import { computeCid } from '@gleaner/content';
import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { encodeSignedOrder, MAX_BULK_SLICE_BYTES } from '@gleaner/protocol';
import { addressOf, anyDatasetOrder } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSlice } from './openDatasets.ts';
import { readSlice } from './readSlice.ts';

const DATASETS = [addressOf('one'), addressOf('two')] as const;

let folder: string;
let slice: { readonly path: string; readonly cid: string };
let index: { readonly path: string; readonly cid: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-bulk-'));
  const [order] = fc.sample(anyDatasetOrder(), { numRuns: 1, seed: 3 });
  if (order === undefined) throw new Error('nothing was drawn');
  slice = await save('slice', JSON.stringify(DATASETS.map((dataset) => encodeSignedOrder('dataset', { ...order, dataset, sign: '0x12' }))));
  index = await save('index', JSON.stringify([slice.cid, slice.cid]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the slice of a task', () => {
  test('is what the sealed parameters name, for the index of the task', async () => {
    const files = { index: index.path, slice: slice.path };
    for (const at of [0n, 1n]) expect(await readSlice(index.cid, at, files)).toEqual(DATASETS);
    await expect(readSlice(index.cid, 2n, files)).rejects.toMatchObject({ code: 'bulk-invalid' });
  });

  test('is not what the host would rather have: files are hashed before they are read', async () => {
    const other = await save('other', JSON.stringify([]));
    for (const files of [
      { index: other.path, slice: slice.path },
      { index: index.path, slice: other.path },
      { index: slice.path, slice: index.path },
    ])
      await expect(readSlice(index.cid, 0n, files)).rejects.toMatchObject({ code: 'content-corrupt' });
    await expect(readSlice(other.cid, 0n, { index: index.path, slice: slice.path })).rejects.toMatchObject({ code: 'content-corrupt' });
    const large = await save('large', ' '.repeat(MAX_BULK_SLICE_BYTES + 1));
    await expect(readSlice(large.cid, 0n, { index: large.path, slice: slice.path })).rejects.toMatchObject({ code: 'bulk-invalid' });
  });
});

describe('the data sets of a slice', () => {
  test('are opened in its order, each under its address', async () => {
    const [one, two] = await Promise.all(DATASETS.map((dataset) => seal(dataset, `of ${dataset}`)));
    if (one === undefined || two === undefined) return expect.unreachable();
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    const opened = await openSlice(DATASETS, [one.path, two.path], release([one.secret, two.secret]), scratch);
    expect(opened.map(({ name }) => name)).toEqual(DATASETS);
    for (const { name, path } of opened) expect(await readFile(path, 'utf8')).toBe(`of ${name}`);
  });

  test('are exactly those whose keys were released, and of the files that are registered', async () => {
    const [one, two] = await Promise.all(DATASETS.map((dataset) => seal(dataset, 'secret')));
    if (one === undefined || two === undefined) return expect.unreachable();
    const wrongKey = { ...two.secret, key: one.secret.key };
    const cases = [
      [[one.secret], [one.path, two.path], 'secret-missing'],
      [[two.secret, one.secret], [two.path, one.path], 'secret-missing'],
      [[], [one.path, two.path], 'secret-missing'],
      [[one.secret, two.secret], [one.path], 'input-missing'],
      [[one.secret, two.secret], [one.path, one.path], 'content-corrupt'],
      [[one.secret, wrongKey], [one.path, two.path], 'key-invalid'],
    ] as const;
    for (const [released, paths, code] of cases) {
      const scratch = await mkdtemp(join(folder, 'scratch-'));
      await expect(openSlice(DATASETS, paths, release([...released]), scratch), code).rejects.toMatchObject({ code });
    }
  });
});

async function save(name: string, text: string): Promise<{ path: string; cid: string }> {
  const path = join(folder, name);
  await writeFile(path, text);
  return { path, cid: await computeCid(Buffer.from(text)) };
}

/** Encrypts as the stock client does: IV, then AES-256-CBC. */
async function seal(address: Address, text: string) {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([iv, cipher.update(text), cipher.final()]);
  const path = join(folder, `${address}-${randomBytes(4).toString('hex')}`);
  await writeFile(path, encrypted);
  const checksum: Hex = `0x${createHash('sha256').update(encrypted).digest('hex')}`;
  return { path, secret: { address, key: key.toString('base64'), checksum } };
}

const release = (bulk: NonNullable<ReleasedSecrets['bulk']>): ReleasedSecrets => ({
  requesterSecrets: {},
  params: '',
  answerKey: `0x${'00'.repeat(32)}` as Bytes32,
  bulk,
});
