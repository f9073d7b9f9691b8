import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../src/wasi/RandomStream.ts';
import { WASI_SURFACE } from '../src/wasi/surface.ts';
import { I32 } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, leb } from './encodeModule.ts';
import { hostileCallsAreHarmless } from './laws.ts';
import { executeProgram } from './runModule.ts';

const fixture = (name: string): Promise<Uint8Array> => readFile(new URL(`../fixtures/${name}.wasm`, import.meta.url));
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const files = await fixture('files');
const probe = await fixture('probe');

const data = new TextEncoder().encode(Array.from({ length: 50 }, (_, i) => `${(i * 7.25) % 13}\n`).join(''));

describe('a C program', () => {
  it('does the same as under node:wasi, for any arguments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 255 }),
        fc.array(fc.string({ maxLength: 12 }).filter((s) => !s.includes('\0'))),
        async (code, more) => {
          const args = ['program', String(code), ...more];
          const ours = executeProgram(files, { args, env: { NAME: 'Ünï' }, inputs: [{ name: 'data.txt', content: data }] });
          const theirs = await runUnderNode(files, args, { NAME: 'Ünï' });
          expect(ours.end).toEqual({ kind: 'exit', exitCode: theirs.exitCode });
          expect(text(ours.stdout)).toBe(
            theirs.stdout.replace('write to input: allowed', 'write to input: refused').replace('link: allowed', 'link: refused'),
          );
          const written = Object.fromEntries(
            ours.outputs.flatMap(({ path, content }) => (content === undefined ? [] : [[path, text(content)]])),
          );
          expect(written).toEqual(theirs.written);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('sees a missing input as missing', () => {
    const { end, stderr } = executeProgram(files);
    expect(end).toEqual({ kind: 'exit', exitCode: 3 });
    expect(text(stderr)).toBe('no input: No such file or directory\n');
  });

  it('sees fixed time, seeded randomness, an empty stdin and sorted folders', () => {
    const inputs = ['z', 'b', 'a/c'].map((name) => ({ name, content: data }));
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
    const { end, stdout } = executeProgram(probe, { args: ['program', 'observe'], inputs, seed });
    expect(end).toEqual({ kind: 'exit', exitCode: 0 });
    expect(text(stdout)).toMatchInlineSnapshot(`
      "7754ecdfc82902c3448c56c4eb7e9fee95b5050234745ca9222fbff5d163fbb283d93885532bc31c
      1577836800 slept 3600
      stdin 0
      . .. a b z 
      . .. a b z 
      mtime 1577836800
      "
    `);
  });

  it('gets other random numbers from another seed, and all else the same', () => {
    const run = (seed: number) => executeProgram(probe, { args: ['program', 'observe'], seed: new Uint8Array(32).fill(seed) });
    const [a, b] = [run(1), run(2)];
    expect(text(a.stdout)).not.toBe(text(b.stdout));
    expect(text(a.stdout).split('\n').slice(1)).toEqual(text(b.stdout).split('\n').slice(1));
    expect(run(1)).toEqual(a);
  });
});

describe('a program that goes too far', () => {
  const run = (args: readonly string[], change = {}) =>
    executeProgram(probe, { args: ['program', ...args], fuel: 2_000_000_000n, ...change });

  it.each([
    ['spin', [], { kind: 'fuel' }],
    ['recurse', ['100000000'], { kind: 'stack' }],
    ['bomb', [], { kind: 'memory' }],
    ['flood', ['2000000'], { kind: 'output', what: 'bytes', limit: 1 << 20 }],
    ['clutter', [], { kind: 'output', what: 'files', limit: 100 }],
    ['shout', [], { kind: 'output', what: 'stdout', limit: 1 << 16 }],
    ['trap', [], { kind: 'trap', trap: 'unreachable' }],
    ['exit', ['77'], { kind: 'exit', exitCode: 77 }],
  ])('%s', (name, args, end) => {
    expect(run([name, ...args]).end).toEqual(end);
  });

  it('keeps what fits of its output', () => {
    expect(run(['shout']).stdout).toHaveLength(1 << 16);
  });

  it('keeps within its memory, and a run within it succeeds', () => {
    expect(run(['bomb']).memoryBytes).toBeLessThanOrEqual(256 * 65_536);
    expect(run(['recurse', '1000']).end).toEqual({ kind: 'exit', exitCode: 0 });
  });
});

describe('hostile calls', () => {
  it('with any arguments give an errno or a typed end, never harm to the host', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => void hostileCallsAreHarmless(seed)),
      { numRuns: Number(process.env['GLEANER_DEEP'] ?? 0) > 0 ? 20_000 : 80 },
    );
  });

  it('on paths cannot leave the two folders', () => {
    for (const path of ['../x', '/etc/passwd', 'a/../../x', '..', './..', 'a/../..']) {
      expect(openPath(4, path), path).toBe(path.startsWith('a') ? 44 : 76);
    }
    expect(openPath(3, 'new', 1)).toBe(69);
    expect(openPath(4, 'new', 1)).toBe(0);
    expect(openPath(4, 'x'.repeat(256), 1)).toBe(37);
    expect(openPath(4, 'a\0b', 1)).toBe(28);
    expect(openPath(1, 'new', 1)).toBe(54);
    expect(openPath(9, 'new', 1)).toBe(8);
  });
});

describe('the random stream', () => {
  it('is the ChaCha20 key stream', () => {
    const stream = new RandomStream(new Uint8Array(32));
    const out = new Uint8Array(80);
    stream.fill(out);
    expect(Buffer.from(out).toString('hex')).toBe(
      '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586' +
        '9f07e7be5551387a98ba977c732d080d',
    );
  });

  it('does not depend on how it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 10 }), (sizes) => {
        const whole = new Uint8Array(sizes.reduce((a, b) => a + b, 0));
        new RandomStream(new Uint8Array(32).fill(9)).fill(whole);
        const stream = new RandomStream(new Uint8Array(32).fill(9));
        const parts = sizes.map((size) => {
          const part = new Uint8Array(size);
          stream.fill(part);
          return [...part];
        });
        expect(parts.flat()).toEqual([...whole]);
      }),
    );
  });
});

/** Errno of opening a path below a preopened folder; the program exits with it. */
function openPath(fd: number, path: string, flags = 0): number {
  const bytes = [...new TextEncoder().encode(path)];
  const { params, results } = WASI_SURFACE.functions.get('path_open') ?? { params: [], results: [] };
  const code = [
    ...i32(fd),
    ...i32(0),
    ...i32(0),
    ...i32(bytes.length),
    ...i32(flags),
    0x42,
    ...leb(2),
    0x42,
    0,
    ...i32(0),
    ...i32(1024),
    0x10,
    0,
    0x10,
    1,
  ];
  const imports = [
    { name: 'path_open', params, results },
    { name: 'proc_exit', params: [I32], results: [] },
  ];
  const { end } = executeProgram(encodeModule({ imports, functions: [{ code }], data: bytes }));
  return end.kind === 'exit' ? end.exitCode : -1;
}

interface NodeRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly written: Record<string, string>;
}

/** The same module unmetered under Node's own WASI, with real folders. */
async function runUnderNode(bytes: Uint8Array, args: readonly string[], env: Record<string, string>): Promise<NodeRun> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-wasi-'));
  try {
    await mkdir(join(folder, 'in'));
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'in', 'data.txt'), data);
    const stdout = await open(join(folder, 'stdout'), 'w');
    const preopens = { '/iexec_in': join(folder, 'in'), '/iexec_out': join(folder, 'out') };
    const wasi = new WASI({ version: 'preview1', args: [...args], env, preopens, stdout: stdout.fd, returnOnExit: true });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), wasi.getImportObject() as WebAssembly.Imports);
    const exitCode = wasi.start(instance);
    await stdout.close();
    return { exitCode, stdout: await readFile(join(folder, 'stdout'), 'utf8'), written: await readTree(join(folder, 'out')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(found.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const)),
  );
}
