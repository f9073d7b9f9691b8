import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBubblewrap } from '../src/runner/launch.ts';
import { DEFAULT_LIMITS, type Job, type Limits, type RunEvent, type Runner } from '../src/runner/types.ts';
import { createWasiRunner } from '../src/runner/WasiRunner.ts';
import { F64, I32, V128 } from '../src/wasm/valueTypes.ts';
import { encodeModule, i32, uleb } from './encodeModule.ts';

const fixture = (name: string): Promise<Uint8Array> => readFile(new URL(`../fixtures/${name}.wasm`, import.meta.url));
const [files, probe] = await Promise.all([fixture('files'), fixture('probe')]);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const digestOf = (bytes: Uint8Array): `0x${string}` => `0x${createHash('sha256').update(bytes).digest('hex')}`;

/** A folder whose name has a space. */
const home = await mkdtemp(join(tmpdir(), 'gleaner sandbox-'));
afterAll(() => rm(home, { recursive: true, force: true }));

const modes = [
  { isolation: 'bubblewrap', bubblewrap: 'require' },
  { isolation: 'process', bubblewrap: 'never' },
] as const;

for (const { isolation, bubblewrap } of modes) {
  describe.skipIf(isolation === 'bubblewrap' && findBubblewrap() === undefined)(
    `the runner with isolation ${isolation} (skipped without bubblewrap)`,
    () => {
      let runner: Runner;
      beforeAll(async () => {
        runner = await createWasiRunner({ cacheDir: join(home, 'cache'), bubblewrap });
      });
      afterAll(() => runner.close());

      it('says what it can enforce', () => {
        const report = runner.probe();
        expect(report).toMatchObject({ kind: 'wasi', isolation });
        expect(report.uid).not.toBe(0);
        expect(report.enforced.includes('no network')).toBe(isolation === 'bubblewrap');
      });

      it('runs a program on its inputs and writes its outputs', async () => {
        const input = join(home, `${isolation} numbers.txt`);
        await writeFile(input, '1.5\n2.5\n3.5\n4.5\n');
        const events: RunEvent[] = [];
        const { outcome, outputDir } = await run(runner, files, {
          args: ['5', 'x'],
          env: { NAME: 'n' },
          inputs: [{ name: 'data.txt', path: input }],
          onEvent: (event) => events.push(event),
        });
        expect(outcome).toMatchObject({ status: 'exited', exitCode: 5 });
        if (outcome.status !== 'exited') return;
        expect(text(outcome.stdout)).toContain('arg 2 x\nenv n\n4 ');
        expect(await readFile(join(outputDir, 'result.txt'), 'utf8')).toMatch(/^4 [\d.]+\nappended\n$/);
        expect((await readdir(outputDir, { recursive: true })).sort()).toEqual(['more', 'more/tail.txt', 'result.txt']);
        expect(events.map(({ type }) => type)).toEqual(['metered', 'sandbox-ready', 'started', 'ended', 'outputs-written']);
      });

      it('gives the same result and fuel on every run, in a kept sandbox or a new one', async () => {
        const fresh = await createWasiRunner({ cacheDir: join(home, 'cache'), bubblewrap, maxRunsPerProcess: 1 });
        const job = { args: ['observe'], seed: new Uint8Array(32).fill(3) };
        const outcomes = [];
        for (const by of [runner, runner, fresh, fresh]) {
          const { outcome } = await run(by, probe, job);
          outcomes.push({ ...outcome, wallMs: 0 });
        }
        await fresh.close();
        for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      });

      it.each<[string, readonly string[], string, Partial<Limits>]>([
        ['an endless loop', ['spin'], 'fuel-exhausted', { fuel: 50_000_000n }],
        ['deep recursion', ['recurse', '100000000'], 'stack-exhausted', {}],
        ['a memory bomb', ['bomb'], 'memory-exceeded', { memoryBytes: 64 * 2 ** 20 }],
        ['an output flood', ['flood', '9000000'], 'output-too-large', { outputBytes: 2 ** 20 }],
        ['a flood of files', ['clutter'], 'output-too-large', { outputFiles: 50 }],
        ['a stdout flood', ['shout'], 'output-too-large', {}],
        ['a trap', ['trap'], 'program-trapped', {}],
      ])('ends %s with the same code everywhere', async (_, args, code, limits) => {
        const { outcome } = await run(runner, probe, { args }, limits);
        expect(outcome).toMatchObject({ status: 'failed', code, deterministic: true });
      });

      it.each([false, true])('never reaches the end of the real stack at the largest limit, wide frames: %s', async (wide) => {
        const { outcome } = await run(runner, deepModule(wide), {}, { stackBytes: 2 ** 22 });
        expect(outcome).toMatchObject({ status: 'failed', code: 'stack-exhausted' });
      });

      it('writes what a failed program had written', async () => {
        const { outputDir } = await run(runner, probe, { args: ['clutter'] }, { outputFiles: 7 });
        expect((await readdir(outputDir)).sort()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
      });

      it('stops a program at its wall clock, and the next run works', async () => {
        const { outcome } = await run(runner, probe, { args: ['spin'] }, { wallMs: 200 });
        expect(outcome).toMatchObject({ status: 'failed', code: 'wall-time-exceeded', deterministic: false });
        expect((await run(runner, probe, { args: ['exit', '9'] })).outcome).toMatchObject({ status: 'exited', exitCode: 9 });
      });

      it('stops a cancelled program', async () => {
        const controller = new AbortController();
        const onEvent = ({ type }: RunEvent): void => {
          if (type === 'started') controller.abort();
        };
        const { outcome } = await run(runner, probe, { args: ['spin'], signal: controller.signal, onEvent });
        expect(outcome).toMatchObject({ status: 'failed', code: 'aborted' });
        expect((await run(runner, probe, { args: ['exit', '0'], signal: controller.signal })).outcome).toMatchObject({ code: 'aborted' });
      });

      it('survives a sandbox that is killed, and the next run works', async () => {
        const onEvent = ({ type }: RunEvent): void => {
          if (type === 'started') for (const pid of sandboxPids(join(home, 'cache'))) process.kill(pid, 'SIGKILL');
        };
        const { outcome } = await run(runner, probe, { args: ['spin'], onEvent });
        expect(outcome).toMatchObject({ status: 'failed', code: 'sandbox-crashed', deterministic: false });
        expect((await run(runner, probe, { args: ['exit', '4'] })).outcome).toMatchObject({ exitCode: 4 });
      });

      it('runs jobs side by side', async () => {
        const outcomes = await Promise.all([1, 2, 3].map((code) => run(runner, probe, { args: ['exit', `${code}`] })));
        expect(outcomes.map(({ outcome }) => outcome.status === 'exited' && outcome.exitCode)).toEqual([1, 2, 3]);
      });

      it('ends running jobs when it is closed', async () => {
        const closing = await createWasiRunner({ cacheDir: join(home, 'cache'), bubblewrap });
        const { outcome } = await run(closing, probe, {
          args: ['spin'],
          onEvent: ({ type }) => type === 'started' && void closing.close(),
        });
        expect(outcome).toMatchObject({ code: 'aborted' });
        await closing.close();
        expect((await run(closing, probe, {})).outcome).toMatchObject({ code: 'aborted' });
      });

      it('leaves no process behind when its own process is killed', async () => {
        const script = fileURLToPath(new URL('./spinForever.ts', import.meta.url));
        const cache = join(home, `${isolation}-orphan`);
        const child = spawn(process.execPath, ['--no-warnings', script, cache, bubblewrap], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(child.stdout, 'data');
        expect(sandboxPids(cache).length).toBeGreaterThan(0);
        child.kill('SIGKILL');
        await expect.poll(() => sandboxPids(cache), { timeout: 10_000 }).toEqual([]);
      });
    },
  );
}

describe('the runner refuses', () => {
  let runner: Runner;
  beforeAll(async () => {
    runner = await createWasiRunner({ cacheDir: join(home, 'cache'), maxIdle: 0 });
  });
  afterAll(() => runner.close());

  it.each<[string, Uint8Array, string]>([
    ['something that is not wasm', new TextEncoder().encode('#!/bin/sh\n'), 'program-not-wasm'],
    ['nothing', new Uint8Array(), 'program-not-wasm'],
    ['a module above 32 MiB', new Uint8Array(33 * 2 ** 20).fill(0).map((_, i) => [0, 0x61, 0x73, 0x6d][i] ?? 0), 'program-too-large'],
    ['a truncated module', files.slice(0, 20_000), 'program-invalid'],
    ['a module with more memory than allowed', encodeModule({ functions: [{ code: [] }], memory: { min: 60_000 } }), 'memory-exceeded'],
    [
      'an unknown import',
      encodeModule({ functions: [{ code: [] }], imports: [{ name: 'x', params: [], results: [] }] }),
      'program-unknown-import',
    ],
  ])('%s', async (_, program, code) => {
    expect((await run(runner, program, {})).outcome).toMatchObject({ status: 'failed', code, deterministic: true });
  });

  it('a program of another digest, and one that is not there', async () => {
    expect((await run(runner, probe, { programDigest: digestOf(files) })).outcome).toMatchObject({ code: 'program-checksum-mismatch' });
    expect((await run(runner, probe, { program: { path: join(home, 'none') } })).outcome).toMatchObject({ code: 'program-not-found' });
  });

  it.each<[string, Partial<Job>]>([
    ['a name that leaves its folder', { inputs: [{ name: '../x', path: '/dev/null' }] }],
    ['an absolute name', { inputs: [{ name: '/x', path: '/dev/null' }] }],
    ['a name given twice', { inputs: ['x', 'x'].map((name) => ({ name, path: '/dev/null' })) }],
    ['a name below a file', { inputs: ['x', 'x/y'].map((name) => ({ name, path: '/dev/null' })) }],
    ['an argument with NUL', { args: ['a\0b'] }],
    ['a short seed', { seed: new Uint8Array(31) }],
    ['no fuel', { limits: { ...DEFAULT_LIMITS, fuel: 0n } }],
    ['too much stack', { limits: { ...DEFAULT_LIMITS, stackBytes: 2 ** 23 } }],
    ['half a byte', { limits: { ...DEFAULT_LIMITS, outputBytes: 0.5 } }],
  ])('%s', async (_, change) => {
    expect((await run(runner, probe, change)).outcome).toMatchObject({ status: 'failed', code: 'bad-request' });
  });

  it('an input that is missing or not a file', async () => {
    for (const path of [join(home, 'none'), home]) {
      expect((await run(runner, probe, { inputs: [{ name: 'x', path }] })).outcome).toMatchObject({ code: 'input-missing' });
    }
  });

  it('to follow a link in the output folder', async () => {
    const target = join(home, 'precious');
    await writeFile(target, 'kept');
    const outputDir = await mkdtemp(join(home, 'out-'));
    await symlink(target, join(outputDir, '0'));
    const { outcome } = await run(runner, probe, { args: ['clutter'], outputDir }, { outputFiles: 3 });
    expect(outcome).toMatchObject({ status: 'failed', code: 'data-unreadable' });
    expect(await readFile(target, 'utf8')).toBe('kept');
  });

  it('nothing that a changed cache file says', async () => {
    const cacheDir = join(home, 'torn');
    const other = await createWasiRunner({ cacheDir, maxIdle: 0 });
    const program = encodeModule({ functions: [{ code: [...i32(1), 0x1a] }] });
    expect((await run(other, program, {})).outcome.status).toBe('exited');
    const [name = ''] = await readdir(join(cacheDir, 'metered'));
    await writeFile(join(cacheDir, 'metered', name), 'torn');
    expect((await run(other, program, {})).outcome.status).toBe('exited');
    await other.close();
  });

  it('to start where nothing can be written', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(createWasiRunner({ cacheDir: join(home, 'file', 'cache') })).rejects.toMatchObject({ code: 'data-unreadable' });
  });

  it('to start on a full disk, and says so', async (context) => {
    const disk = await mkdtemp(join(home, 'disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'gleaner-test', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('a small file system can only be mounted by root');
    }
    try {
      await expect(createWasiRunner({ cacheDir: join(disk, 'cache') })).rejects.toMatchObject({ code: 'disk-full' });
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

async function run(runner: Runner, program: Uint8Array, change: Partial<Job>, limits: Partial<Limits> = {}) {
  const outputDir = change.outputDir ?? (await mkdtemp(join(home, 'out-')));
  await mkdir(outputDir, { recursive: true });
  const job: Job = {
    program,
    programDigest: digestOf(program),
    args: [],
    env: {},
    inputs: [],
    seed: new Uint8Array(32),
    limits: { ...DEFAULT_LIMITS, wallMs: 60_000, ...limits },
    ...change,
    outputDir,
  };
  return { outcome: await runner.run(job), outputDir };
}

/** Endless recursion whose frames keep many values alive across the call, in locals and on the operand stack. */
function deepModule(wide: boolean): Uint8Array {
  const count = wide ? 400 : 6;
  const locals = Array.from({ length: count }, (_, i) => [I32, F64, V128][i % 3] as number);
  const load = locals.flatMap((type, i) => [
    0x20,
    0,
    ...(type === I32 ? [0x28, 2] : type === F64 ? [0x2b, 3] : [0xfd, 0, 4]),
    ...uleb(8 * i),
    0x21,
    ...uleb(i + 1),
  ]);
  const operands = locals.flatMap((_, i) => [0x20, ...uleb(i + 1)]);
  const store = locals.toReversed().flatMap((type, i) => {
    const at = [0x21, ...uleb(count - i), 0x20, 0, 0x20, ...uleb(count - i)];
    return [...at, ...(type === I32 ? [0x36, 2] : type === F64 ? [0x39, 3] : [0xfd, 11, 4]), ...uleb(8 * i)];
  });
  const recursive = { params: [I32], locals, code: [...load, ...operands, 0x20, 0, 0x10, 0, ...store] };
  return encodeModule({ functions: [recursive, { code: [...i32(0), 0x10, 0] }] });
}

/** Processes whose command line names a folder of staged sandbox code below `cacheDir`. */
function sandboxPids(cacheDir: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args', '-ww'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(`${cacheDir}/sandbox-`)).map((line) => Number(line.trim().split(' ')[0]));
}
