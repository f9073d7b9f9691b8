import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgeBinary } from '../forge.ts';

const contracts = fileURLToPath(new URL('..', import.meta.url));

/** Same inputs in every run. */
export const FUZZ_SEED = '0x6c65616e6572';

/** A mutant that takes longer, where all tests together take seconds, loops. */
const TIMEOUT_MS = 120_000;

export interface TestRun {
  readonly passed: boolean;
  /** The test that failed first, or `timeout`. */
  readonly killer?: string;
}

/**
 * Runs suites with one mutant acting, up to the first failure. Compiles what has changed.
 * @param id number of the mutant; 0 for none
 * Throws when forge ended without a verdict on any test.
 */
export async function runTests(id: number, suites: readonly string[]): Promise<TestRun> {
  await rm(join(contracts, 'cache/mutants/failures'), { recursive: true, force: true });
  if (id === 0) await compile();
  const path = `cache/mutants/test/${suites.length === 1 ? suites[0] : `{${suites.join(',')}}`}.t.sol`;
  const args = ['test', '--fail-fast', '--match-path', path, '--fuzz-seed', FUZZ_SEED, '--block-prevrandao', wordOf(id)];
  const { stdout, stderr, code, killed } = await forge(args, id === 0 ? 30 * TIMEOUT_MS : TIMEOUT_MS);
  if (killed) return { passed: false, killer: 'timeout' };
  const failure = /\[FAIL[\s\S]*?\b((?:test|invariant|setUp)\w*)\(/.exec(stdout)?.[1];
  if (failure !== undefined) return { passed: false, killer: failure };
  if (code === 0 && stdout.includes('[PASS]')) return { passed: true };
  throw new Error(`forge gave no verdict for mutant ${id}:\n${stdout}\n${stderr}`);
}

/**
 * Everything: what no chosen suite imports too, which tests deploy by name, and which forge would otherwise look at again in every run.
 * Throws with forge's text when it does not compile.
 */
async function compile(): Promise<void> {
  const { stdout, stderr, code } = await forge(['build'], 30 * TIMEOUT_MS);
  if (code !== 0) throw new Error(`the copy does not compile:\n${stdout}\n${stderr}`);
}

function wordOf(id: number): string {
  return `0x${id.toString(16).padStart(64, '0')}`;
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly killed: boolean;
}

function forge(args: readonly string[], timeout: number): Promise<Ended> {
  const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, FOUNDRY_PROFILE: 'mutants', NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(forgeBinary, args, { cwd: contracts, env, timeout, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error === null ? 0 : 1, killed: error?.killed === true }),
    );
  });
}
