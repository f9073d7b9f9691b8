import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartRecord, ProcessIdentity } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launcher, root } from '../src/clone.ts';
import { readCommands } from '../src/readCommands.ts';

const PAGE = join(root, 'docs', 'first-program.md');
/** What the page installs as root, and where to see that it is there. */
const TOOLS = ['/usr/bin/clang', '/usr/bin/wasm-ld', '/usr/lib/wasm32-wasi/libc.a', '/usr/bin/make'];
const TEN_MINUTES = 600_000;

describe('docs/first-program.md', () => {
  let folder: ScratchFolder;
  let guarding: NodeJS.Timeout;
  beforeAll(() => {
    folder = createScratchFolder('first-program');
    // The network of the page stays in the background: it must end with this process, however that ends.
    guarding = setInterval(() => folder.guard(processesOf(join(folder.path, 'gleaner-first', '.gleaner'))), 500);
  });
  afterAll(async () => {
    clearInterval(guarding);
    if (existsSync(join(folder.path, 'gleaner-first', '.gleaner'))) {
      await runShell([`"${process.execPath}" "${launcher}" down`], join(folder.path, 'gleaner-first'), folder.path);
    }
    await folder.remove();
  });

  test(
    'every command, as it stands, leads from nothing to a program that others have run',
    async ({ skip }) => {
      const isRoot = process.getuid?.() === 0;
      const missing = (await Promise.all(TOOLS.map(isMissing))).filter((path) => path !== undefined);
      if (missing.length > 0 && !isRoot) skip(`not root, and these are missing: ${missing.join(', ')}`);
      const commands = readCommands(PAGE).filter(({ asRoot }) => !asRoot || isRoot);
      expect(commands.length).toBeGreaterThan(8);
      const { exitCode, output } = await runShell(
        commands.map(({ text }) => text),
        root,
        folder.path,
      );
      expect(exitCode, output).toBe(0);
      const here = join(folder.path, 'gleaner-first');
      const [tried, ran] = ['.gleaner/try/primes/joined/result.csv', 'run/joined/result.csv'].map((path) =>
        readFileSync(join(here, path), 'utf8'),
      );
      expect(ran).toBe(tried);
      // 9592 primes lie below 100 000: source, any table of the prime-counting function.
      const counts = (ran ?? '')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',')[3]));
      expect({ tasks: counts.length, primes: counts.reduce((sum, count) => sum + count, 0) }).toEqual({ tasks: 4, primes: 9592 });
      expect(output).toContain('--limit 1…100000000');
    },
    TEN_MINUTES,
  );
});

/** What a network of a data folder runs. */
function processesOf(dataDir: string): ProcessIdentity[] {
  try {
    const record = JSON.parse(readFileSync(join(dataDir, 'supervisor.json'), 'utf8')) as Running;
    return [record.supervisor, ...record.parts.flatMap(({ process: running }) => running ?? [])];
  } catch {
    return []; // not started yet, or being written
  }
}

interface Running {
  readonly supervisor: ProcessIdentity;
  readonly parts: readonly PartRecord[];
}

async function isMissing(path: string): Promise<string | undefined> {
  return await access(path).then(
    () => undefined,
    () => path,
  );
}

/** Runs commands one after another in one shell that ends at the first failure. */
async function runShell(commands: readonly string[], cwd: string, home: string): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn('/bin/sh', ['-e', '-x', '-c', commands.join('\n')], {
    cwd,
    env: { ...process.env, HOME: home, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output: Buffer.concat(chunks).toString() };
}
