import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { status } from '@gleaner/localnet';
import { splitArgs } from '@gleaner/protocol';
import { createScratchFolder, type ScratchFolder } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm, probeWasm, starter } from '../src/clone.ts';
import { runGleaner, runNode } from '../src/runCommand.ts';
import { readFiles, runReference } from '../src/runReference.ts';
import { TestNetwork } from '../src/startTestNetwork.ts';

let folder: ScratchFolder;
beforeAll(() => {
  folder = createScratchFolder('starting');
});
afterAll(() => folder?.remove());

test('`npm start -- --once` ends with the receipt of one verified task as its last line, and leaves nothing running', async () => {
  const dataDir = join(folder.path, 'once');
  const { exitCode, value: receipt, stderr } = await runNode(starter, ['--once', '--data', dataDir]);
  expect({ exitCode, receipt, stderr }).toMatchObject({ exitCode: 0, receipt: { ok: true, status: 'COMPLETED' } });
  const { dealId, taskId, contributions, args, payouts, price, paid, resultCid, resultPath, stagesMs, times } = receipt;
  expect(new Set(contributions.map(({ worker }: { worker: string }) => worker)).size).toBeGreaterThanOrEqual(3);
  expect(new Set(contributions.map(({ resultHash }: { resultHash: string }) => resultHash)).size).toBe(1);
  expect(payouts.reduce((sum: bigint, { rewarded }: { rewarded: string }) => sum + BigInt(rewarded), 0n)).toBe(BigInt(price));
  expect(paid).toBe(price);
  expect(resultCid).toMatch(/^Qm\w{44}$/);
  expect(Object.keys(stagesMs)).toEqual(expect.arrayContaining(['received', 'running', 'revealing', 'completed']));
  expect(times.matched).toBeLessThanOrEqual(times.ended);
  const task = { taskId, dealId, index: 0, botFirst: 0, botSize: 1, args: splitArgs(args) };
  expect(readFiles(resultPath)).toEqual(runReference(readFileSync(goMoveWasm), task).files);
  expect(await status(dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
}, 240_000);

test.runIf(process.env['GLEANER_DEEP'])(
  'two networks side by side, on other ports than those that are taken, know and disturb each other in no way; `status` names who misbehaves (in npm run test:deep)',
  async () => {
    const taken = await listen(8545);
    const [busy, idle] = [new TestNetwork({ workers: 3, misbehave: ['worker-3=slow:1s'] }), new TestNetwork({ workers: 0 })];
    let squatter: Server | undefined;
    try {
      await Promise.all([busy.up(), idle.up()]);
      const urls = [busy, idle].flatMap(({ network }) => [network.rpcUrl, network.adminRpcUrl, String(network.services.compassURL)]);
      expect(new Set([...urls, 'http://127.0.0.1:8545']).size).toBe(7);
      expect(busy.network.chainId).not.toBe(idle.network.chainId);
      expect([await namedIn(busy), await namedIn(idle)]).toEqual([['worker-3=slow:1s'], []]);
      expect(await idle.gleaner(['run', probeWasm, '--yes'])).toMatchObject({
        exitCode: 1,
        value: { code: 'workers-too-few', money: 'untouched' },
      });
      const { value: run } = await busy.gleaner(['run', probeWasm, '--yes', '--', 'side by side']);
      expect(run).toMatchObject({ status: 'COMPLETED' });

      expect(await runGleaner(['--data', await describeWithChainOf(busy, idle), 'run', probeWasm, '--yes'])).toMatchObject({
        exitCode: 1,
        value: { code: 'chain-replaced' },
      });
      await Promise.all([busy.stop(), idle.stop()]);
      expect(await idle.gleaner(['run', probeWasm, '--yes'])).toMatchObject({ exitCode: 1, value: { code: 'network-not-running' } });
      expect(await status(idle.dataDir)).toMatchObject({ state: 'stopped', orphans: [] });
      const [own, foreign] = [busy, idle].map(({ dataDir }) => join(dataDir, 'chain')) as [string, string];
      await rename(own, `${own}.own`);
      await cp(foreign, own, { recursive: true });
      await expect(busy.up()).rejects.toMatchObject({ code: 'chain-replaced' });
      expect(await status(busy.dataDir)).toMatchObject({ state: 'stopped', orphans: [] });

      await rm(own, { recursive: true });
      await rename(`${own}.own`, own);
      squatter = await listen(Number(new URL(busy.network.rpcUrl).port));
      await busy.up();
      const [task] = run.tasks;
      expect(await busy.gleaner(['task', 'show', task.taskId])).toMatchObject({ exitCode: 0, value: { task: { status: 'COMPLETED' } } });
    } finally {
      await Promise.all([busy.close(), idle.close()]);
      squatter?.close();
      taken.close();
    }
  },
  240_000,
);

test('a data folder that cannot be used is named as the reason, and nothing is left running', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  for (const dataDir of [file, join(file, 'below')]) {
    expect(await runGleaner(['--data', dataDir, 'up'])).toMatchObject({ exitCode: 1, value: { code: 'data-unreadable' } });
  }
  expect(await runGleaner(['--data', join(folder.path, 'absent'), 'run', probeWasm, '--yes'])).toMatchObject({
    exitCode: 1,
    value: { code: 'network-not-running', money: 'untouched' },
  });
});

test.skipIf(!canMount())('a full data folder ends the start with disk-full (needs root to mount a small file system)', async () => {
  const disk = join(folder.path, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'gleaner-test', disk]);
  try {
    expect(await runGleaner(['--data', join(disk, 'data'), 'up'])).toMatchObject({ exitCode: 1, value: { code: 'disk-full' } });
    expect(await status(join(disk, 'data'))).toMatchObject({ orphans: [] });
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});

/** What `gleaner status` says of misbehaving workers. */
async function namedIn(net: TestNetwork): Promise<string[]> {
  const { value } = await net.gleaner(['status']);
  const parts = value.parts as { name: string; misbehaviour?: string }[];
  return parts.flatMap(({ name, misbehaviour }) => (misbehaviour === undefined ? [] : [`${name}=${misbehaviour}`]));
}

/** A description of `known` whose chain is reached where another one answers. */
async function describeWithChainOf(known: TestNetwork, other: TestNetwork): Promise<string> {
  const dataDir = join(folder.path, 'described');
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'network.json'), JSON.stringify({ ...known.network, rpcUrl: other.network.rpcUrl }), { mode: 0o600 });
  return dataDir;
}

/** Takes a port, or finds it taken already. */
function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(server));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'gleaner-test', '/mnt'], { stdio: 'ignore' });
    execFileSync('umount', ['/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
