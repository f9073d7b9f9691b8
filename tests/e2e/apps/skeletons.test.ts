import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runGleaner } from '../src/runCommand.ts';

const run = promisify(execFile);
const LANGUAGES = ['c', 'rust'] as const;

describe('skeletons of app init', () => {
  let folder: ScratchFolder;
  const built = new Map<string, readonly string[]>();

  beforeAll(async () => {
    folder = createScratchFolder('skeletons');
    for (const language of LANGUAGES) {
      const { value } = await runGleaner(['app', 'init', join(folder.path, `primes-${language}`), '--language', language]);
      built.set(language, await install(value.missingPackages));
      if (built.get(language)?.length === 0) await run('make', ['-C', join(folder.path, `primes-${language}`)]);
    }
  }, 300_000);
  afterAll(() => folder?.remove());

  test.for(LANGUAGES)('in %s counts primes, in one task and in many', async (language, { skip }) => {
    const missing = built.get(language) ?? [];
    if (missing.length > 0) skip(`the Debian packages ${missing.join(', ')} are not installed`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 2, max: 5 }), async (limit, tasks) => {
        const whole = await tryOut(folder, language, ['--', '--limit', `${limit}`]);
        expect(primesIn(readFileSync(join(whole.value.tasks[0].resultPath, 'result.csv'), 'utf8'))).toBe(countPrimes(limit));
        const bag = await tryOut(folder, language, ['--tasks', `${tasks}`, '--', '--limit', `${limit}`]);
        expect(primesIn(readFileSync(bag.value.joined.path, 'utf8'))).toBe(countPrimes(limit));
        const last = await tryOut(folder, language, ['--', '--limit', `${limit}`, '--part', `${tasks - 1}/${tasks}`]);
        expect(last.value.tasks[0].resultDigest).toBe(bag.value.tasks[tasks - 1].resultDigest);
      }),
      { numRuns: 3 },
    );
  });

  test('in both languages are one program: the same digests for the same call', async ({ skip }) => {
    const missing = [...built.values()].flat();
    if (missing.length > 0) skip(`the Debian packages ${missing.join(', ')} are not installed`);
    const runs = await Promise.all(LANGUAGES.map((language) => tryOut(folder, language, ['--tasks', '3', '--', '--limit', '5000'])));
    const [c, rust] = runs.map(({ value }) => value.tasks.map(({ resultDigest }: { resultDigest: string }) => resultDigest));
    expect(c).toEqual(rust);
  });
});

/** Installs Debian packages as root. @returns those that are missing still */
async function install(packages: readonly string[]): Promise<readonly string[]> {
  if (packages.length === 0 || process.getuid?.() !== 0) return packages;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const attempt = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  return await attempt()
    .catch(() => run('apt-get', ['update'], { env }).then(attempt))
    .then(
      () => [],
      () => packages,
    );
}

async function tryOut(folder: ScratchFolder, language: string, args: readonly string[]): Promise<CommandResult> {
  const result = await runGleaner([
    'app',
    'try',
    join(folder.path, `primes-${language}`),
    '--no-twice',
    '--data',
    join(folder.path, `data-${language}`),
    ...args,
  ]);
  expect(result.exitCode, result.stdout + result.stderr).toBe(0);
  return result;
}

const primesIn = (table: string): number =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .reduce((sum, line) => sum + Number(line.split(',')[3]), 0);

/** Primes below a limit, by the sieve of Eratosthenes. */
function countPrimes(limit: number): number {
  const composite = new Uint8Array(limit);
  let count = 0;
  for (let number = 2; number < limit; number += 1) {
    if (composite[number]) continue;
    count += 1;
    for (let multiple = number * number; multiple < limit; multiple += number) composite[multiple] = 1;
  }
  return count;
}
