import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { concat, keccak256, toHex } from 'viem';
import { describe, expect, it, onTestFinished } from 'vitest';
import { archiveDigest, completeResult, createArchive, packResult, resultDigest } from '../src/index.ts';
import { computed, resultFolder } from './resultFolder.ts';

const sha256 = (text: string | Uint8Array) => `0x${createHash('sha256').update(text).digest('hex')}` as const;

describe('result digest', () => {
  it('of a file is the sha256 of its bytes', async () => {
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/move.json'), 'move.json': 'E5', other: 'x' });
    expect(await resultDigest(folder)).toEqual({ rule: 'file', digest: sha256('E5'), path: '/iexec_out/move.json' });
  });

  it('of a folder is the keccak256 of the sha256 of each file, by name', async () => {
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/d/'), 'd/b': '2', 'd/a': '1', 'd/Z': '3', 'd/ä': '4' });
    const digest = keccak256(concat([sha256('3'), sha256('1'), sha256('2'), sha256('4')]));
    expect(await resultDigest(folder)).toEqual({ rule: 'folder', digest, path: '/iexec_out/d' });
  });

  it('of a folder with folders in it binds every path and content', async () => {
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/d'), 'd/a': '1', 'd/e/f': '2' });
    const digest = keccak256(concat([sha256('a'), sha256('1'), sha256('e/f'), sha256('2')]));
    expect(await resultDigest(folder)).toEqual({ rule: 'tree', digest, path: '/iexec_out/d' });
  });

  it('of the whole output binds every path and content, standard output included, but not computed.json and stderr.txt', async () => {
    const folder = await resultFolder({ 'stdout.txt': 'hi', 'stderr.txt': '12 ms', 'd/stderr.txt': 'bound', 'd-e': '1' });
    await completeResult(folder);
    const files = ['d-e', '1', 'd/stderr.txt', 'bound', 'stdout.txt', 'hi'];
    expect(await resultDigest(folder)).toEqual({ rule: 'tree', digest: keccak256(concat(files.map(sha256))), path: '/iexec_out' });
  });

  it('of an empty output is defined', async () => {
    const folder = await resultFolder({});
    await completeResult(folder);
    expect((await resultDigest(folder)).digest).toBe(keccak256('0x'));
  });

  it('of callback data is the keccak256 of its bytes', async () => {
    const folder = await resultFolder({ 'computed.json': JSON.stringify({ 'callback-data': '0xC0FFEE' }) });
    expect(await resultDigest(folder)).toEqual({ rule: 'callback', digest: keccak256('0xc0ffee'), callbackData: '0xc0ffee' });
  });

  it('takes the callback data only when the request asks for it, if there is an output too', async () => {
    const both = JSON.stringify({ 'callback-data': '0xc0ffee', 'deterministic-output-path': '/iexec_out/a' });
    const folder = await resultFolder({ 'computed.json': both, a: '1' });
    expect(await resultDigest(folder)).toMatchObject({ rule: 'file' });
    expect(await resultDigest(folder, { callback: true })).toMatchObject({ rule: 'callback' });
  });

  it('does not touch a computed.json that the program wrote', async () => {
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/a'), a: '1' });
    await completeResult(folder);
    expect(await resultDigest(folder)).toMatchObject({ rule: 'file' });
  });

  it.each([
    ['no computed.json', {}],
    ['not JSON', { 'computed.json': '{' }],
    ['not an object', { 'computed.json': '[]' }],
    ['names nothing', { 'computed.json': '{}' }],
    ['a path that is not there', { 'computed.json': computed('/iexec_out/b'), a: '1' }],
    ['a path that only begins like a file', { 'computed.json': computed('/iexec_out/a/b'), a: '1' }],
    ['another folder', { 'computed.json': computed('/etc/passwd') }],
    ['a path that leaves the folder', { 'computed.json': computed('/iexec_out/../etc/passwd') }],
    ['a sibling of the folder', { 'computed.json': computed('/iexec_output/a') }],
    ['a relative path', { 'computed.json': computed('a'), a: '1' }],
    ['a number', { 'computed.json': '{"deterministic-output-path":7}' }],
    ['callback data that is no hex', { 'computed.json': '{"callback-data":"0xabc"}' }],
  ])('refuses %s', async (_, files) => {
    await expect(resultDigest(await resultFolder(files))).rejects.toMatchObject({ code: 'result-invalid' });
  });

  it('refuses a request for a callback without callback data', async () => {
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/a'), a: '1' });
    await expect(resultDigest(folder, { callback: true })).rejects.toMatchObject({ code: 'result-invalid' });
  });

  it('refuses links, wherever they lead', async () => {
    for (const target of ['/etc/passwd', 'a', 'nowhere']) {
      const folder = await resultFolder({ 'computed.json': computed('/iexec_out/link'), a: '1' });
      await symlink(target, join(folder, 'link'));
      await expect(resultDigest(folder)).rejects.toMatchObject({ code: 'result-invalid' });
    }
  });

  it('refuses names that mean something else elsewhere', async () => {
    for (const name of ['a\\b', 'line\nbreak', 'C:']) {
      const folder = await resultFolder({ 'computed.json': computed('/iexec_out'), [name]: '1' });
      await expect(resultDigest(folder)).rejects.toMatchObject({ code: 'result-invalid' });
    }
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out') });
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), '');
    await expect(resultDigest(folder)).rejects.toMatchObject({ code: 'result-invalid' });
  });

  it('is the same for a folder and its archive, and changes with every bound byte', async () => {
    await fc.assert(
      fc.asyncProperty(anyFiles(), fc.nat(), async (files, pick) => {
        const paths = Object.keys(files);
        const named = pick % 3 === 0 ? '/iexec_out' : `/iexec_out/${paths[pick % paths.length]?.split('/')[0]}`;
        const folder = await resultFolder({ ...files, 'computed.json': computed(named) });
        await mkdir(join(folder, 'empty folder'));
        const before = await resultDigest(folder);
        expect(await archiveDigest(await pack(folder))).toEqual(before);
        const bound = paths.filter(
          (path) => named === '/iexec_out' || `/iexec_out/${path}`.startsWith(`${named}/`) || `/iexec_out/${path}` === named,
        );
        await writeFile(join(folder, bound[pick % bound.length] ?? ''), `changed ${pick}`);
        expect((await resultDigest(folder)).digest).not.toBe(before.digest);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same with and without a note for people in computed.json, which the archive has, beside what the program wrote there', async () => {
    const note = { enclave: { hardware: false, notice: 'for people' } };
    const sources = fc.constantFrom('none', 'tree', 'one', 'callback');
    await fc.assert(
      fc.asyncProperty(anyFiles(), sources, async (files, source) => {
        const named = source === 'one' ? `/iexec_out/${Object.keys(files)[0]?.split('/')[0]}` : '/iexec_out';
        const written = source === 'callback' ? { 'callback-data': '0x2a', mine: 1 } : { 'deterministic-output-path': named, mine: 1 };
        const all = source === 'none' ? files : { ...files, 'computed.json': JSON.stringify(written) };
        const packs = await Promise.all(
          [undefined, note].map(async (added) => {
            const outputDir = await resultFolder(all);
            const archivePath = `${outputDir}.zip`;
            onTestFinished(() => rm(archivePath, { force: true }));
            const options = { outputDir, archivePath, stdout: Buffer.of(), stderr: Buffer.of(), callback: source === 'callback' };
            const result = await packResult({ ...options, ...(added && { note: added }) });
            expect(await archiveDigest(await readFile(archivePath), { callback: source === 'callback' })).toEqual(result);
            return { result, computed: JSON.parse(await readFile(join(outputDir, 'computed.json'), 'utf8')) as unknown };
          }),
        );
        const [plain, noted] = packs;
        expect(noted?.result).toEqual(plain?.result);
        expect(noted?.computed).toEqual({ ...(plain?.computed as object), ...note });
      }),
      { numRuns: 20 },
    );
  });

  it('leaves a computed.json that no result can have as it is, for the digest to refuse', async () => {
    for (const text of ['[]', 'no json', 'null', `{"a":"${'x'.repeat(1_048_576)}"}`]) {
      const outputDir = await resultFolder({ 'computed.json': text });
      const options = { outputDir, archivePath: `${outputDir}.zip`, stdout: Buffer.of(), stderr: Buffer.of(), callback: false };
      await expect(packResult({ ...options, note: { a: 1 } })).rejects.toMatchObject({ code: 'result-invalid' });
      expect(await readFile(join(outputDir, 'computed.json'), 'utf8')).toBe(text);
    }
  });

  it('reads a large file in pieces', async () => {
    const large = new Uint8Array(5_000_000).fill(7);
    const folder = await resultFolder({ 'computed.json': computed('/iexec_out/large'), large });
    expect(await resultDigest(folder)).toMatchObject({ digest: toHex(createHash('sha256').update(large).digest()) });
  });
});

/** A few files, some in folders, that do not get in each other's way. */
function anyFiles(): fc.Arbitrary<Record<string, string>> {
  const content = fc.string({ maxLength: 40 });
  return fc
    .record({
      flat: fc.dictionary(fc.constantFrom('a', 'b', '10', '9', 'é', '日本'), content, { minKeys: 1, maxKeys: 4 }),
      nested: fc.array(content, { maxLength: 3 }),
    })
    .map(({ flat, nested }) => ({
      ...flat,
      ...Object.fromEntries(nested.map((text, i) => [`folder/${i % 2 === 0 ? 'deep/' : ''}${i}`, text])),
    }));
}

async function pack(folder: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of createArchive(folder)) pieces.push(piece);
  return Buffer.concat(pieces);
}
