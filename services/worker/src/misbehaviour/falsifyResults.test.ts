import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { archiveDigest, packResult } from '@gleaner/content';
import type { Address, Bytes32 } from '@gleaner/primitives';
import type { Job, Outcome, Runner } from '@gleaner/sandbox';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { falsifyResults } from './falsifyResults.ts';
import { skipRuns } from './skipRuns.ts';

const LIAR: Address = `0x${'aa'.repeat(20)}`;
const OTHER_LIAR: Address = `0x${'bb'.repeat(20)}`;

/** What a program leaves behind, by path; one layout for each rule of digests. */
interface Output {
  readonly files: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly callback: boolean;
}

const computed = (value: object) => JSON.stringify(value);
const anyText = fc.string({ maxLength: 20 });
const anyOutput: fc.Arbitrary<Output> = fc
  .tuple(anyText, anyText, fc.constantFrom('file', 'folder', 'tree', 'nothing', 'callback', 'both', 'not json'))
  .map(([content, stdout, rule]) => {
    const files: Record<string, Record<string, string>> = {
      file: { 'a.txt': content, 'computed.json': computed({ 'deterministic-output-path': '/iexec_out/a.txt' }) },
      folder: { 'f/a.txt': content, 'f/b.txt': '', 'computed.json': computed({ 'deterministic-output-path': '/iexec_out/f' }) },
      tree: { 'f/a.txt': content, 'g/h/b.txt': 'b' },
      nothing: {},
      callback: { 'computed.json': computed({ 'callback-data': '0x1234' }) },
      both: { 'a.txt': content, 'computed.json': computed({ 'deterministic-output-path': '/iexec_out/a.txt', 'callback-data': '0x' }) },
      'not json': { 'computed.txt': content },
    };
    return { files: files[rule] ?? {}, stdout, callback: rule === 'callback' || rule === 'both' };
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-falsify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('falsifyResults', () => {
  test('law: another digest than the honest one and than any other liar’s, and an archive that fits it', async () => {
    await fc.assert(
      fc.asyncProperty(anyOutput, async (output) => {
        const honest = await digestOf(output, (runner) => runner);
        const lies = await digestOf(output, (runner) => falsifyResults(runner, { worker: LIAR, mayLie: async () => true }));
        const other = await digestOf(output, (runner) => falsifyResults(runner, { worker: OTHER_LIAR, mayLie: async () => true }));
        expect(new Set([honest, lies, other]).size).toBe(3);
        expect(await digestOf(output, (runner) => falsifyResults(runner, { worker: LIAR, mayLie: async () => false }))).toBe(honest);
      }),
      { numRuns: 40 },
    );
  });

  test('law: the same lie again for the same task, so that a restarted liar agrees with itself', async () => {
    await fc.assert(
      fc.asyncProperty(anyOutput, async (output) => {
        const lie = (runner: Runner) => falsifyResults(runner, { worker: LIAR, mayLie: async () => true });
        expect(await digestOf(output, lie)).toBe(await digestOf(output, lie));
      }),
      { numRuns: 20 },
    );
  });
});

test('skipRuns runs nothing and gives a result that can be packed, the same for every program', async () => {
  const outputs = fc.sample(anyOutput, { numRuns: 5, seed: 1 });
  const digests = await Promise.all(outputs.map((output) => digestOf({ ...output, callback: false }, skipRuns)));
  expect(new Set(digests).size).toBe(1);
});

let runs = 0;

/** Digest that a worker with this runner commits to; checked against the archive that it would upload. */
async function digestOf(output: Output, decorate: (runner: Runner) => Runner): Promise<Bytes32> {
  const outputDir = join(folder, `${runs++}`);
  await mkdir(outputDir);
  const outcome = await decorate(runnerOf(output)).run({ outputDir, env: { IEXEC_TASK_ID: '0x01' } } as unknown as Job);
  if (outcome.status !== 'exited') throw new Error(`The run failed: ${outcome.message}`);
  const { stdout, stderr } = outcome;
  const { callback } = output;
  const archivePath = `${outputDir}.zip`;
  const { digest } = await packResult({ outputDir, archivePath, stdout, stderr, callback });
  expect((await archiveDigest(await readFile(archivePath), { callback })).digest).toBe(digest);
  return digest;
}

/** A runner whose program has just this output. */
function runnerOf({ files, stdout }: Output): Runner {
  return {
    kind: 'wasi',
    probe: () => ({}) as never,
    check: async () => [],
    async run({ outputDir }): Promise<Outcome> {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(outputDir, name)), { recursive: true });
        await writeFile(join(outputDir, name), content);
      }
      const empty = new Uint8Array();
      return { status: 'exited', exitCode: 0, fuelUsed: 1n, stdout: Buffer.from(stdout), stderr: empty, wallMs: 1, memoryPeakBytes: 1 };
    },
    close: async () => undefined,
  };
}
