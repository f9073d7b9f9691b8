import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Sources, writeCopy } from '../copies/copy.ts';
import { applyEdits, fromBytes, toBytes } from '../copies/edits.ts';
import { openRequires } from '../copies/openRequires.ts';
import { splitEncodings } from '../copies/splitEncodings.ts';
import { forgeBinary } from '../forge.ts';

const contracts = fileURLToPath(new URL('..', import.meta.url));

/** Imported packages; the instrumenting parser resolves relative imports below the folder of the project only. */
const LIBRARIES = ['@openzeppelin/contracts', '@solidstate/contracts'];

/** Same inputs in every run. */
const FUZZ_SEED = '0x6c65616e6572';

/**
 * LCOV report of all suites but those that measure gas and sizes, on a copy of the sources whose long encodings are cut in two and
 * whose `require` is written as `if`, because forge counts no branch of a `require` in code that went through the IR. Compiled with the least
 * that keeps the stack shallow enough, which takes minutes.
 * Throws when a test fails.
 */
export async function runCoverage({ texts, trees }: Sources): Promise<string> {
  writeCopy('coverage', new Map([...texts].map(([path, text]) => [path, prepared(text, trees.get(path))])));
  for (const name of LIBRARIES) {
    cpSync(join(contracts, '../node_modules', name), join(contracts, 'cache/coverage/lib', name), { recursive: true });
  }
  const report = join(contracts, 'cache/coverage/lcov.info');
  rmSync(report, { force: true });
  const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, FOUNDRY_PROFILE: 'coverage', NO_COLOR: '1' };
  const args = ['coverage', '--report', 'lcov', '--report-file', report, '--ir-minimum', '--fuzz-seed', FUZZ_SEED];
  await promisify(execFile)(forgeBinary, [...args, '--no-match-path', '**/{gas,size}/*'], {
    cwd: contracts,
    env,
    maxBuffer: 256 * 1024 * 1024,
  }).catch((failure: { stdout?: string; stderr?: string }) => {
    throw new Error(`forge measured nothing:\n${failure.stdout ?? ''}\n${failure.stderr ?? ''}`);
  });
  return readFileSync(report, 'utf8');
}

function prepared(text: string, tree: Parameters<typeof splitEncodings>[0] | undefined): string {
  return tree === undefined ? text : fromBytes(applyEdits(toBytes(text), [...splitEncodings(tree), ...openRequires(tree)]));
}
