import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { describe, expect, it } from 'vitest';
import { executeProgram } from './runModule.ts';

const FOLDER = new URL('../fixtures/languages/', import.meta.url);
const LANGUAGES = (await readdir(FOLDER)).flatMap((name) => /^observe-(.+)\.wasm$/.exec(name)?.[1] ?? []);

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ARGS = ['program', 'one', 'zwei drei'];
const ENV = { NAME: 'Ünï' };
const INPUTS = { 'data.txt': '0123456789\n', b: 'xyz' };

describe.each(LANGUAGES)('a program in %s', (language) => {
  const run = async (seed = 7) =>
    executeProgram(await programIn(language), {
      args: ARGS,
      env: ENV,
      seed: new Uint8Array(32).fill(seed),
      inputs: Object.entries(INPUTS).map(([name, content]) => ({ name, content: new TextEncoder().encode(content) })),
    });

  it('reads arguments, environment, files and folders, and writes, seeks, renames and removes files', async () => {
    const { end, stdout, stderr, outputs } = await run();
    expect(text(stderr)).toBe('');
    expect(end).toEqual({ kind: 'exit', exitCode: 5 });
    expect(text(stdout).replace(/(?<=^random )[0-9a-f]{16}$/m, '…')).toMatchInlineSnapshot(`
      "argument one
      argument zwei drei
      environment Ünï
      input 11 bytes, sum 535
      folder b data.txt
      position 6
      written 12 bytes, regular 1, scratch gone
      slept long enough
      time 1577836800
      random …
      "
    `);
    expect(outputs.map(({ path, content }) => [path, content && text(content)])).toEqual([
      ['sub', undefined],
      ['sub/b.txt', 'Hello\nworld\n'],
    ]);
  });

  it('repeats itself, random numbers included, and gets others from another seed', async () => {
    const first = await run();
    expect(await run()).toEqual(first);
    const other = await run(8);
    const different = text(other.stdout)
      .split('\n')
      .filter((line, i) => line !== text(first.stdout).split('\n')[i]);
    expect(different).toEqual([expect.stringMatching(/^random /)]);
  });

  it('does the same under node:wasi, time and random numbers aside', async () => {
    const theirs = await runUnderNode(await programIn(language));
    const ours = await run();
    const comparable = (stdout: string): string => stdout.replace(/^(time|random) .*$/gm, '$1');
    expect(theirs.exitCode).toBe(5);
    expect(sortFolder(comparable(theirs.stdout))).toBe(comparable(text(ours.stdout)));
    expect(theirs.written).toBe('Hello\nworld\n');
  });
});

it('there is one in each language that could be built', () => {
  expect(LANGUAGES.sort()).toEqual(['assemblyscript', 'c', 'cpp', 'rust', 'zig']);
});

const programIn = (language: string): Promise<Uint8Array> => readFile(new URL(`observe-${language}.wasm`, FOLDER));

/** A host's file system lists a folder in an order of its own. */
const sortFolder = (stdout: string): string =>
  stdout.replace(/^folder (.*)$/m, (_, names: string) => `folder ${names.split(' ').sort().join(' ')}`);

/** The same module unmetered under Node's own WASI, with real folders. */
async function runUnderNode(bytes: Uint8Array): Promise<{ exitCode: number; stdout: string; written: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-languages-'));
  try {
    await mkdir(join(folder, 'in'));
    await mkdir(join(folder, 'out'));
    for (const [name, content] of Object.entries(INPUTS)) await writeFile(join(folder, 'in', name), content);
    const stdout = await open(join(folder, 'stdout'), 'w');
    const preopens = { '/iexec_in': join(folder, 'in'), '/iexec_out': join(folder, 'out') };
    const wasi = new WASI({ version: 'preview1', args: ARGS, env: ENV, preopens, stdout: stdout.fd, returnOnExit: true });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), wasi.getImportObject() as WebAssembly.Imports);
    const exitCode = wasi.start(instance);
    await stdout.close();
    return {
      exitCode,
      stdout: await readFile(join(folder, 'stdout'), 'utf8'),
      written: await readFile(join(folder, 'out/sub/b.txt'), 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
