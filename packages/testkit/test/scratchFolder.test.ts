import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isRunning } from '@gleaner/localnet';
import { expect, test } from 'vitest';
import { createScratchFolder } from '../src/index.ts';

test('a killed test run leaves neither chain nor database nor folders', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'programs', 'hold.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString()));
  });
  const { folder } = JSON.parse(line) as { folder: string };
  const folders = foldersOf(child.pid ?? 0);
  expect(folders).toHaveLength(2);
  const processes = folders.flatMap(guarded);
  expect(processes.map(isRunning)).toEqual([true, true]);
  child.kill('SIGKILL');
  await expect
    .poll(() => [existsSync(folder), ...folders.map(existsSync), ...processes.map(isRunning)], { timeout: 15_000 })
    .not.toContain(true);
}, 60_000);

test('guarded processes end with the folder, a recycled pid is left alone', async () => {
  const folder = createScratchFolder('guard');
  const [mine, other] = [spawn('sleep', ['60']), spawn('sleep', ['60'])].map((child) => identifyProcess(child.pid ?? 0));
  if (!mine || !other) throw new Error('no process');
  folder.guard([mine, { pid: other.pid, startTime: '1' }]);
  await folder.remove();
  await sleep(50);
  expect([isRunning(mine), isRunning(other), existsSync(folder.path)]).toEqual([false, true, false]);
  process.kill(other.pid, 'SIGKILL');
});

function foldersOf(pid: number): string[] {
  const all = readdirSync(tmpdir()).filter((name) => name.startsWith('gleaner-test-'));
  const owners = all.map((name) => join(tmpdir(), name, 'owner.json')).filter((path) => existsSync(path));
  return owners.filter((path) => readFileSync(path, 'utf8').includes(`"pid":${pid},`)).map((path) => dirname(path));
}

function guarded(folder: string) {
  const [pid, startTime] = readFileSync(join(folder, 'guarded'), 'utf8').trim().split(' ');
  return { pid: Number(pid), startTime: String(startTime) };
}
