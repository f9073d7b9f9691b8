/**
 * `npm test`: static checks, then every suite; the last line is `N passed, N failed[, N skipped]`.
 * Arguments after `--` go to vitest (a path, `--project e2e`, `-t name`); `--deep` raises fuzz depths and runs soaks;
 * `--apps` runs the suites that install compilers, and nothing else.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.ts';
import { root } from './root.ts';

const args = process.argv.slice(2);
const deep = args.includes('--deep');
const apps = args.includes('--apps');
const vitestArgs = args.filter((argument) => argument !== '--deep' && argument !== '--apps');

const checks = vitestArgs.length === 0 && !apps ? await runChecks() : { passed: 0, failed: 0 };
const suites = runVitest();
const failed = checks.failed + suites.failed;
const skipped = suites.skipped > 0 ? `, ${suites.skipped} skipped` : '';
console.log(`${checks.passed + suites.passed} passed, ${failed} failed${skipped}`);
process.exitCode = failed > 0 ? 1 : 0;

function projects(): string[] {
  if (apps) return ['--project', 'apps'];
  return vitestArgs.some((argument) => argument.startsWith('--project')) ? [] : ['--project', '!apps'];
}

function runVitest(): { passed: number; failed: number; skipped: number } {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-report-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const flags = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...projects(), ...vitestArgs];
  const { status } = spawnSync(process.execPath, [vitest, ...flags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // What is compiled once is kept, as by the commands: suites start many processes of the same sources.
    env: { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env, ...(deep ? { GLEANER_DEEP: '1' } : {}) },
  });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const broken = result.testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    const failedTests = result.numFailedTests + broken.length;
    return {
      passed: result.numPassedTests,
      failed: status === 0 ? failedTests : Math.max(1, failedTests),
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    console.error('vitest ended without a report');
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
