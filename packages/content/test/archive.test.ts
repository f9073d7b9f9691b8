import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { strFromU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { computeCid, createArchive, extractArchive } from '../src/index.ts';
import { readArchive } from '../src/results/readArchive.ts';
import { resultFolder } from './resultFolder.ts';

const run = promisify(execFile);

describe('result archive', () => {
  it('depends on names and contents alone', async () => {
    const files = { 'b.txt': 'two', 'a/1': 'one', 'a/10': 'ten', 'a/9': 'nine', é: 'accent' };
    const first = await resultFolder(files);
    const second = await resultFolder(Object.fromEntries(Object.entries(files).reverse()));
    await utimes(join(second, 'b.txt'), 1, 1);
    expect(Buffer.compare(await pack(first), await pack(second))).toBe(0);
  });

  it('has this content id, on every machine and in every time zone', async () => {
    const folder = await resultFolder({ 'computed.json': '{}', 'stdout.txt': 'hello\n'.repeat(100_000), 'd/empty': '' });
    expect(await computeCid(await pack(folder))).toMatchInlineSnapshot(`"QmegqnXFdKcbNjXrBCg51tSAU87UcfHJLR7DiJ44b3sMrC"`);
    const script = `import { computeCid, createArchive } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      console.log(await computeCid(createArchive(process.argv[1])));`;
    const elsewhere = ['Asia/Kolkata', 'America/Los_Angeles'].map((TZ) =>
      run(process.execPath, ['--input-type=module-typescript', '-e', script, folder], { env: { ...process.env, TZ } }),
    );
    for (const { stdout } of await Promise.all(elsewhere)) expect(stdout.trim()).toBe(await computeCid(await pack(folder)));
  });

  it('is read by other programs, with its names in order', async () => {
    const folder = await resultFolder({ b: 'two', 'a/10': 'ten', 'a/9': 'nine' });
    const entries = unzipSync(await pack(folder));
    expect(Object.entries(entries).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
      ['a/10', 'ten'],
      ['a/9', 'nine'],
      ['b', 'two'],
    ]);
  });

  it('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,8}$/), fc.nat(200_000), { minKeys: 1, maxKeys: 4 }), async (sizes) => {
        const files = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [`d/${name}`, randomBytes(size)]));
        const target = await resultFolder({});
        const paths = await extractArchive(await pack(await resultFolder(files)), target);
        expect([...paths].sort()).toEqual(Object.keys(files).sort());
        for (const [path, bytes] of Object.entries(files)) expect(Buffer.compare(await readFile(join(target, path)), bytes)).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses to grow beyond its limit, and links', async () => {
    const large = await resultFolder({ noise: randomBytes(300_000) });
    await expect(pack(large, 200_000)).rejects.toMatchObject({ code: 'output-too-large' });
    const linked = await resultFolder({ a: '1' });
    await symlink('/etc/passwd', join(linked, 'b'));
    await expect(pack(linked)).rejects.toMatchObject({ code: 'result-invalid' });
  });
});

describe('unpacking a hostile archive', () => {
  it.each([
    '../escape',
    '/absolute',
    'a/../../escape',
    'a\\..\\b',
    'C:/drive',
    'a//b',
    './a',
    'nul\0',
    'a\u0007',
    `${'x'.repeat(300)}`,
    '',
  ])('refuses the name %j and writes nothing', async (name) => {
    const target = await resultFolder({});
    await expect(extractArchive(zipSync({ good: bytes('1'), [name]: bytes('x') }), target)).rejects.toMatchObject({
      code: 'result-invalid',
    });
    expect(await readdir(target)).toEqual([]);
  });

  it('refuses a link', () => {
    const link: Zippable = { link: [bytes('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] };
    expect(() => readArchive(zipSync(link))).toThrow(/link/);
  });

  it('refuses a name twice, and a file below a file', () => {
    const twice = rename(zipSync({ aa: bytes('1'), ab: bytes('2') }), 'ab', 'aa');
    expect(() => readArchive(twice)).toThrow(/twice/);
    expect(() => readArchive(zipSync({ a: bytes('1'), 'a/b': bytes('2') }))).toThrow(/below a file/);
  });

  it('refuses a bomb by what it declares', () => {
    const bomb = zipSync({ zeros: new Uint8Array(5_000_000) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => readArchive(bomb, { maxBytes: 1_000_000 })).toThrow(expect.objectContaining({ code: 'output-too-large' }));
    const many = zipSync(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, bytes('')])));
    expect(() => readArchive(many, { maxFiles: 49 })).toThrow(expect.objectContaining({ code: 'output-too-large' }));
  });

  it('stops a bomb that declares less than it unpacks to', async () => {
    const bomb = Buffer.from(zipSync({ zeros: new Uint8Array(10_000_000) }));
    const central = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bomb.writeUInt32LE(100, central + 24);
    const target = await resultFolder({});
    await expect(extractArchive(bomb, target, { maxBytes: 1_000_000 })).rejects.toMatchObject({ code: 'result-invalid' });
  });

  it('never overwrites and never follows a link that is already there', async () => {
    const outside = await resultFolder({});
    const target = await resultFolder({});
    await symlink(join(outside, 'victim'), join(target, 'a'));
    await expect(extractArchive(zipSync({ a: bytes('1') }), target)).rejects.toThrow(/EEXIST/);
    expect(await readdir(outside)).toEqual([]);
  });

  it('meets any damage with a typed error or the right bytes', async () => {
    const good = zipSync({ a: bytes('one'.repeat(50)), 'd/b': [bytes('two'), { level: 0 }] });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Uint8Array.from(good);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(await outcome(damaged)).toMatch(/^(result-invalid|output-too-large|same)$/);
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect(await outcome(noise)).toBe('result-invalid');
      }),
    );
    for (let length = 0; length < good.length; length += 1) expect(await outcome(good.subarray(0, length))).toBe('result-invalid');
  });
});

async function outcome(archive: Uint8Array): Promise<string> {
  try {
    const contents: string[] = [];
    for (const file of readArchive(archive, { maxBytes: 10_000_000 })) {
      for await (const piece of file.read()) contents.push(Buffer.from(piece).toString());
    }
    return contents.sort().join() === ['one'.repeat(50), 'two'].join() ? 'same' : 'other contents';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** Writes another name of the same length into an archive. */
function rename(archive: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(archive).toString('latin1').replaceAll(from, to), 'latin1');
}

async function pack(folder: string, maxBytes?: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of createArchive(folder, maxBytes === undefined ? {} : { maxBytes })) pieces.push(piece);
  return Buffer.concat(pieces);
}
