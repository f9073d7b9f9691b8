import { basename } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileProgram, describeModule, hashSources } from '../src/buildProgram.ts';
import { readBuilt } from '../src/buildRecord.ts';
import { compilerVersion, missingPackages } from '../src/toolchain.ts';
import type { Program } from './openProgram.ts';
import { openSandbox, type Sandbox } from './openSandbox.ts';
import type { RunOptions } from './runUnderNode.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

const MAX_MODULE_BYTES = 200_000;

/** The committed module is small, the one that the manifest describes and, where the compiler is the same, the one that the sources give. */
export function testModule({ folder, manifest, bytes }: Program): void {
  describe(`committed module of ${manifest.name}`, () => {
    it('is the one that the manifest describes', async () => {
      expect(await describeModule(`${manifest.name}.wasm`, bytes)).toEqual(manifest.module);
    });

    it('is small and imports nothing but files, arguments and the end', () => {
      const imports = WebAssembly.Module.imports(new WebAssembly.Module(Buffer.from(bytes)));
      expect(bytes.length).toBeLessThan(MAX_MODULE_BYTES);
      expect(new Set(imports.map((item) => item.module))).toEqual(new Set(['wasi_snapshot_preview1']));
      expect(imports.map((item) => item.name).filter((name) => /clock|random|poll|sock/.test(name))).toEqual([]);
    });

    it(`was built from these sources, by hash${DEEP ? '' : '; compiled again in npm run test:deep'}`, async () => {
      const built = await readBuilt();
      expect(await hashSources(folder, manifest), 'stale: run npm run programs:build').toBe(built[basename(folder)]);
    });

    it.runIf(DEEP)('is what its sources give, byte for byte', async ({ skip }) => {
      const missing = await missingPackages();
      if (missing.length > 0) skip(`the Debian packages ${missing.join(', ')} are not installed`);
      const compiler = await compilerVersion();
      if (compiler !== manifest.build.compiler)
        skip(`the module was built with "${manifest.build.compiler}", this machine has "${compiler}"`);
      expect(Buffer.compare(await compileProgram(folder, manifest), bytes)).toBe(0);
    });
  });
}

export interface AnyRun extends RunOptions {
  readonly args: readonly string[];
}

/** Node's own WASI and the metered sandbox give the same bytes, messages and exit code to any arguments; the suggested fuel and memory suffice. */
export function testSameEverywhere(
  program: Program,
  anyRun: fc.Arbitrary<AnyRun>,
  { runs = 12, example = { args: [] } }: { readonly runs?: number; readonly example?: AnyRun } = {},
): void {
  describe(`${program.manifest.name} in the metered sandbox`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await openSandbox();
    });
    afterAll(() => sandbox.close());

    it('answers its defaults or example within the suggested fuel and memory, always with the same', async () => {
      const first = await sandbox.run(program, example.args, example);
      expect(first.exitCode).toBe(0);
      expect(await sandbox.run(program, example.args, example)).toEqual(first);
    });

    it('does what it does under the WASI of Node, for any arguments', async () => {
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(anyRun, async ({ args, ...options }) => {
          const { fuelUsed, memoryPeakBytes, ...metered } = await sandbox.run(program, args, options);
          expect(metered).toEqual(program.run(args, options));
          expect(fuelUsed).toBeGreaterThan(0n);
          if (metered.exitCode === 0) answered += 1;
        }),
        { numRuns: DEEP ? 20 * runs : runs },
      );
      expect(answered).toBeGreaterThan(0);
    });
  });
}

/** Every refusal is one line on standard error, exit code 2, and no output. */
export function testRefusals(
  program: Program,
  cases: readonly (readonly [args: readonly string[], message: string, options?: RunOptions])[],
): void {
  describe(`${program.manifest.name} refuses`, () => {
    it.each(cases.map(([args, message, options]) => ({ args, message, options })))('$args', ({ args, message, options }) => {
      const { exitCode, stdout, stderr, files } = program.run(args, options);
      expect({ exitCode, stdout, files }).toEqual({ exitCode: 2, stdout: '', files: {} });
      expect(stderr).toMatch(new RegExp(`^${program.manifest.name}: [^\\n]+\\n$`));
      expect(stderr).toContain(message);
    });

    it('what its manifest forbids, takes what it allows, and lists both in its help', () => {
      const { parameters, bag } = program.manifest;
      const { exitCode, stdout } = program.run(['--help']);
      const listed = [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map((match) => match[1]);
      const joins = bag?.join?.method === 'program' ? ['join'] : [];
      expect({ exitCode, listed: listed.sort() }).toEqual({
        exitCode: 0,
        listed: [...parameters.map(({ name }) => name), ...joins, 'help'].sort(),
      });
      for (const parameter of parameters) {
        const beyond =
          'minimum' in parameter ? [parameter.minimum - 1, parameter.maximum + 1].map(String) : parameter.type === 'choice' ? ['?'] : [];
        for (const value of beyond) expect(program.run([`--${parameter.name}=${value}`])).toMatchObject({ exitCode: 2, stdout: '' });
        const within =
          'minimum' in parameter
            ? [parameter.minimum, parameter.maximum].map(String)
            : parameter.type === 'choice'
              ? parameter.choices
              : [];
        for (const value of within) expect(program.run([`--${parameter.name}=${value}`, '--help']).stderr).toBe('');
      }
    });
  });
}
