import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { down, status } from '@gleaner/localnet';
import { createScratchFolder, type ScratchFolder, startTestS3 } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '..', 'bin', 'gleaner.mjs');
const STACK = /^\s+at |node:events|\.ts:\d/m;
/** A user that no list of users names. */
const STRANGER = { uid: 54_321, gid: 54_321 };
const isRoot = process.getuid?.() === 0;
const mayBeStranger = isRoot && spawnSync(process.execPath, ['-e', ''], STRANGER).status === 0;

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = createScratchFolder('command');
});
afterAll(() => scratch.remove());

describe('output that cannot be written is no stack trace', () => {
  test('a reader that goes away ends the command quietly', async () => {
    const { stderr } = await run(['help'], { stopReading: true });
    expect(stderr).toBe('');
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk behind stdout makes the command fail with a sentence', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { exitCode, stderr } = await run(['help'], { stdio: ['ignore', full, 'pipe'] });
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'The output cannot be written (ENOSPC)\n' });
    } finally {
      closeSync(full);
    }
  });
});

test('what stands after -- belongs to the program, --json too', async () => {
  const args = ['--data', join(scratch.path, 'absent'), 'run', 'absent.wasm'];
  const [text, json] = await Promise.all([run([...args, '--', '--json']), run([...args, '--json'])]);
  expect(text).toMatchObject({ exitCode: 1, stdout: '' });
  expect(text.stderr).toMatch(/\(network-not-running\)\n$/);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, code: 'network-not-running' });
});

test('the doctor looks at a folder that cannot be made without making anything', async () => {
  const { exitCode, stdout } = await run(['doctor', '--json', '--data', '/proc/nowhere/data']);
  expect(exitCode).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: { what: string; state: string; says: string }[] };
  expect(findings.find(({ what }) => what === 'data folder')).toMatchObject({ state: 'problem' });
  const below = join(scratch.path, 'new', 'data');
  await run(['doctor', '--json', '--data', below]);
  expect(existsSync(join(scratch.path, 'new'))).toBe(false);
});

test('the doctor says what is wrong with a data folder that is a file', async () => {
  const { stdout } = await run(['doctor', '--json', '--data', '/dev/null']);
  expect(stdout).toContain('data-unreadable');
  expect(stdout).not.toContain('internal-error');
});

test('the doctor tries out the bucket for content, and names what is wrong with it but no secret', async () => {
  const s3 = await startTestS3();
  try {
    const keys = { AWS_ACCESS_KEY_ID: s3.account.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.account.secretAccessKey };
    const look = async (change: NodeJS.ProcessEnv) => {
      const env = { ...process.env, GLEANER_CONTENT_URL: s3.url, ...keys, ...change };
      const { stdout } = await run(['doctor', '--json', '--data', scratch.path], { env });
      expect(stdout).not.toContain(env['AWS_SECRET_ACCESS_KEY']);
      const { findings } = JSON.parse(stdout) as { findings: { what: string; state: string; says: string }[] };
      return findings.find(({ what }) => what === 'content');
    };
    const [right, wrong] = await Promise.all([look({}), look({ AWS_SECRET_ACCESS_KEY: 'a wrong guess' })]);
    expect(right).toMatchObject({ state: 'ok', says: expect.stringContaining('s3://gleaner-test/') });
    expect(wrong).toMatchObject({ state: 'problem', says: expect.stringMatching(/secret access key .* \(storage-refused\)/) });
  } finally {
    await s3.close();
  }
});

test.skipIf(!mayBeStranger)('a user without a home has every command but the wallet, which says what to do', async () => {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(scratch.path, 'cache') };
  const [help, wallet] = await Promise.all([run(['help'], { ...STRANGER, env }), run(['wallet', 'list'], { ...STRANGER, env })]);
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  expect(wallet).toMatchObject({ exitCode: 1, stdout: '' });
  expect(wallet.stderr).toMatch(/GLEANER_WALLET[\s\S]*\(data-unreadable\)\n$/);
});

test('a terminal that is closed stops the network in order', async () => {
  const dataDir = join(scratch.path, 'network');
  const args = [launcher, 'up', '--json', '--workers', '0', '--data', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 90_000, killSignal: 'SIGKILL' });
  try {
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGHUP');
    expect(await ended).toEqual([0, null]);
    expect(await status(dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
  } finally {
    await down(dataDir);
  }
}, 120_000);

/** Runs `gleaner`; whatever it says is free of stack traces. */
function run(args: readonly string[], { stopReading = false, ...options }: SpawnOptions & { stopReading?: boolean } = {}) {
  const child = spawn(process.execPath, [launcher, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 40_000,
    killSignal: 'SIGKILL',
    ...options,
  });
  let [stdout, stderr] = ['', ''];
  if (stopReading) child.stdout?.destroy();
  else child.stdout?.on('data', (bytes) => (stdout += bytes));
  child.stderr?.on('data', (bytes) => (stderr += bytes));
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      if (STACK.test(`${stdout}${stderr}`)) reject(new Error(`A stack trace: ${stdout}${stderr}`));
      else resolve({ exitCode, stdout, stderr });
    });
  });
}
