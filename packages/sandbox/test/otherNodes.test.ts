import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINE_FLAGS } from '../src/runner/launch.ts';
import { otherNodes } from './otherNodes.ts';
import type { CorpusProgram, CorpusReport } from './runCorpus.ts';
import { stageCode } from './stageCode.ts';

const run = promisify(execFile);
const deep = Number(process.env['GLEANER_DEEP'] ?? 0) > 0;
const MODULES = deep ? 3_000 : 60;
const firstSeed = randomInt(2 ** 30);
const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('../../../programs', import.meta.url));
const others = otherNodes({ fetch: deep });
/** This one again in other tiers, when there is no other or time for all. */
const nodes = deep || others.length === 0 ? [{ path: process.execPath, version: process.versions.node }, ...others] : others;
/** How the engine compiles: all at once with its best compiler, as in the sandbox, or in the tiers of its own choice. */
const TIERS: readonly (readonly [string, readonly string[]])[] = [
  ['in its own tiers', []],
  ...(deep ? [['optimised at once', ENGINE_FLAGS] as const] : []),
];

let folder: string;
let script: string;
let reference: CorpusReport['results'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-corpus-'));
  script = await stageCode('packages/sandbox/test/runCorpus.ts', folder);
  await writeFile(join(folder, 'programs.json'), JSON.stringify([...(await fixtures()), ...(await showcases())]));
  reference = (await runCorpus(process.execPath, ENGINE_FLAGS)).results;
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const share = deep ? 'every program' : 'go-move and another showcase program of those in npm run test:deep';

it(`the corpus holds ${share}, and ${MODULES} random modules, by the seed ${firstSeed}`, () => {
  expect(Object.keys(reference).filter((name) => name.startsWith('seed'))).toHaveLength(MODULES);
  expect(Object.keys(reference)).toContain('go-move example');
  const ends = Object.values(reference).map((result) => (result as { end: string | { kind: string } }).end);
  const kinds = new Set(ends.map((end) => (typeof end === 'string' ? end : end.kind)));
  expect([...kinds]).toEqual(expect.arrayContaining(['exit', 'done', 'fuel', 'stack', 'memory', 'output', 'trap']));
  expect(new Set(Object.values(reference).map((result) => JSON.stringify(result))).size).toBeGreaterThan(MODULES);
});

describe.each(nodes)('Node $version', ({ path, version }) => {
  it.each(TIERS)('%s meters and runs the corpus to the same bytes, ends and fuel', { timeout: 300_000 }, async (_, flags) => {
    const { node, results } = await runCorpus(path, flags);
    expect(node).toBe(version);
    expect(results, `first seed ${firstSeed}`).toEqual(reference);
  });
});

async function runCorpus(node: string, flags: readonly string[]): Promise<CorpusReport> {
  const args = [...flags, script, join(folder, 'programs.json'), `${firstSeed}`, `${MODULES}`];
  return JSON.parse((await run(node, args, { maxBuffer: 64 << 20 })).stdout) as CorpusReport;
}

/** Fixtures of this package, in the ways that make them do something. */
async function fixtures(): Promise<CorpusProgram[]> {
  const uses: readonly (readonly [string, readonly string[]])[] = [
    ...['sieve', 'nbody', 'matmul', 'sort', 'mandelbrot', 'interpreter', 'fib'].map((name) => ['compute', [name]] as const),
    ...['observe', 'trap', 'bomb', 'clutter', 'recurse 100000000', 'recurse 1000'].map((line) => ['probe', line.split(' ')] as const),
    ['files', ['3', 'x']],
  ];
  const inputs = { 'data.txt': '0.5\n7.25\n', b: 'xyz' };
  const languages = (await readdir(join(FIXTURES, 'languages'))).filter((name) => name.endsWith('.wasm'));
  return [
    ...uses.map(([name, args]) => ({ name: [name, ...args].join(' '), file: join(FIXTURES, `${name}.wasm`), args, inputs })),
    { name: 'probe spin', file: join(FIXTURES, 'probe.wasm'), args: ['spin'], inputs, fuel: 2e8 },
    ...languages.map((name) => ({ name, file: join(FIXTURES, 'languages', name), args: ['one', 'zwei drei'], inputs })),
  ];
}

/** Showcase programs, without arguments and with their examples: every one, or go-move and one that the seed chooses. */
async function showcases(): Promise<CorpusProgram[]> {
  const found = await allShowcases();
  const names = [...new Set(found.map(({ file }) => basename(dirname(file))))].filter((name) => name !== 'go-move');
  const chosen = ['go-move', names[firstSeed % names.length]];
  return deep ? found : found.filter(({ file }) => chosen.includes(basename(dirname(file))));
}

async function allShowcases(): Promise<CorpusProgram[]> {
  const found: CorpusProgram[] = [];
  const inputs = { 'table.csv': 'a,b\n1,2.5\n3,0.125\n-7,1e3\n' };
  for (const name of (await readdir(PROGRAMS)).sort()) {
    const text = await readFile(join(PROGRAMS, name, 'manifest.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { example, module } = JSON.parse(text) as { example: string; module: { file: string } };
    const file = join(PROGRAMS, name, module.file);
    const words = example.replaceAll('@1', 'table.csv').matchAll(/"([^"]*)"|(\S+)/g);
    const args = [...words].map(([, quoted, plain]) => quoted ?? plain ?? '');
    found.push({ name: `${name} default`, file, args: [], inputs }, { name: `${name} example`, file, args, inputs });
  }
  return found;
}
