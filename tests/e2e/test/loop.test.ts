import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractArchive, MAX_ARCHIVE_BYTES } from '@gleaner/content';
import type { DealId, TaskId } from '@gleaner/primitives';
import { parseParams } from '@gleaner/protocol';
import { fetchContent, type MatchedRun, type TaskRecord } from '@gleaner/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goMoveWasm, probeWasm } from '../src/clone.ts';
import { anyAwkwardArguments, anyGoArguments } from '../src/programArguments.ts';
import { readFiles, runReference, sha256 } from '../src/runReference.ts';
import { createRandom } from '../src/seededRandom.ts';
import { startDeal } from '../src/startDeal.ts';
import { startTestNetwork, type TestNetwork } from '../src/startTestNetwork.ts';
import {
  expectCompleted,
  expectNothingTwice,
  findReverted,
  poolTask,
  wealthOf,
  whenCompleted,
  whenConnected,
  whenEnded,
} from '../src/taskEnds.ts';
import { until } from '../src/until.ts';

const WORKERS = 6;
const TASKS = process.env['GLEANER_DEEP'] === undefined ? 8 : 20;
/** Three fresh workers must agree, and never fewer while a bag of 20 lasts, for only two scores of 12 or more would change that. */
const TRUST = 8n;

let net: TestNetwork;
beforeAll(async () => {
  net = await startTestNetwork({ workers: WORKERS });
});
afterAll(() => net?.close());

test(`a bag of ${TASKS} (20 in npm run test:deep) with random arguments: agreed on by three workers or more, paid in full, and what Node’s own WASI computes`, async () => {
  const args = anyGoArguments(createRandom('bag'));
  const { exitCode, value } = await net.gleaner(['run', goMoveWasm, '--tasks', `${TASKS}`, '--trust', `${TRUST}`, '--yes', '--', ...args]);
  expect({ exitCode, args, value }).toMatchObject({ exitCode: 0, value: { ok: true, status: 'COMPLETED' } });
  expect(value.tasks).toHaveLength(TASKS);
  for (const task of value.tasks) {
    expectHonest(task);
    const { files } = runReference(readFileSync(goMoveWasm), referenceOf(value.dealId, task, TASKS, args));
    expect(readFiles(task.resultPath)).toEqual(files);
    expect(task.resultDigest).toBe(`0x${sha256(files['move.json'] ?? Buffer.of())}`);
  }
});

test('awkward arguments, input files and the environment reach the program byte for byte, task by task', async () => {
  const random = createRandom('awkward arguments');
  const args = anyAwkwardArguments(random);
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-inputs-'));
  try {
    const contents = [Buffer.from('first line\nsecond line\n'), Buffer.from(Array.from({ length: 3000 }, () => random.integer(0, 255)))];
    const paths = contents.map((_, index) => join(folder, `input ${index}.bin`));
    await Promise.all(paths.map((path, index) => writeFile(path, contents[index] as Buffer)));
    const inputs = paths.flatMap((path) => ['--input', path]);
    const { exitCode, value } = await net.gleaner(['run', probeWasm, '--tasks', '2', '--yes', ...inputs, '--', ...args]);
    expect({ exitCode, args, value }).toMatchObject({ exitCode: 0, value: { ok: true, status: 'COMPLETED' } });
    const deal = await net.as('requester').hub.viewDeal(value.dealId);
    const locations = parseParams(deal?.params ?? '').iexec_input_files ?? [];
    for (const task of value.tasks) {
      const given = locations.map((location, index) => ({ location, bytes: contents[index] as Buffer }));
      const { files } = runReference(readFileSync(probeWasm), { ...referenceOf(value.dealId, task, 2, args), inputs: given });
      expect(Object.keys(files)).toContain('echo.txt');
      expect(readFiles(task.resultPath)).toMatchObject(files);
    }
    expect(new Set(value.tasks.map(({ resultDigest }: { resultDigest: string }) => resultDigest)).size).toBe(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.runIf(process.env['GLEANER_DEEP'])(
  'a worker killed while it computes: the task completes, and the worker takes it up again (in npm run test:deep)',
  async () => {
    const args = ['work', '700', 'killed while computing'];
    const deal = await startDeal(net, { program: probeWasm, args, trust: TRUST });
    const [taskId] = deal.taskIds as [TaskId];
    const victim = await until('A replicate that computes', async () => {
      const { replicates } = await poolTask(net, taskId);
      return replicates.find(({ currentStatus }) => currentStatus === 'computing')?.walletAddress;
    });
    const whenBack = await net.kill(net.workerNamed(victim));
    const [task] = (await whenEnded(net, [taskId])) as [TaskRecord];
    expectCompleted([task]);
    await expectReference(deal, task, args);
    await whenBack();
  },
);

test('a worker killed after it contributed reveals when it is back, and is paid', async () => {
  const args = ['work', '100', 'killed after contributing'];
  const deal = await startDeal(net, { program: probeWasm, args, trust: TRUST });
  const [taskId] = deal.taskIds as [TaskId];
  const { hub } = net.as('requester');
  const victim = await until('A contribution', async () => (await hub.viewTask(taskId)).contributors[0], { everyMs: 10 });
  const whenBack = await net.kill(net.workerNamed(victim));
  const [task] = (await whenEnded(net, [taskId])) as [TaskRecord];
  expectCompleted([task]);
  expect(task.contributions.find(({ worker }) => worker === victim)?.status).toBe('proved');
  expect(task.payouts.find(({ account }) => account === victim)?.rewarded).toBeGreaterThan(0n);
  await whenBack();
});

// A chain that loses blocks mines their transactions again later, where some find their work done: so this is asked before.
test('the scheduler sent nothing in vain, whatever befell the workers', async () => {
  expect(await findReverted(net, net.address('workerpoolOwner'))).toEqual([]);
});

test.runIf(process.env['GLEANER_DEEP'])(
  'the chain killed and restarted in the middle of a bag: every task completes and is paid once (in npm run test:deep)',
  async () => {
    const before = await wealthOf(net, net.address('requester'));
    const deal = await startDeal(net, { program: probeWasm, args: ['work', '20', 'chain killed'], tasks: 5, trust: TRUST });
    await whenCompleted(net, deal.taskIds, 2);
    const whenBack = await net.kill('chain');
    await whenBack();
    await expectSettled(deal, before);
  },
);

test('the chain reorganised in the middle of a bag: every task completes and is paid once', async () => {
  const before = await wealthOf(net, net.address('requester'));
  const deal = await startDeal(net, { program: probeWasm, args: ['work', '20', 'reorganised'], tasks: 8, trust: TRUST });
  for (const [completed, depth] of [
    [1, 2],
    [3, 5],
    [5, 3],
  ] as const) {
    await whenCompleted(net, deal.taskIds, completed);
    await until(
      'Blocks above the deal',
      async () => (await net.as('requester').chain.head()).number > deal.blockNumber + BigInt(depth) + 1n,
    );
    await net.admin('anvil_reorg', [depth, []]);
  }
  await expectSettled(deal, before);
});

test.runIf(process.env['GLEANER_DEEP'])(
  'the whole network killed in the middle of a bag goes on after `up` (in npm run test:deep)',
  async () => {
    const before = await wealthOf(net, net.address('requester'));
    const deal = await startDeal(net, { program: probeWasm, args: ['work', '20', 'network killed'], tasks: 5, trust: TRUST });
    await whenCompleted(net, deal.taskIds, 2);
    await net.killSupervisor();
    await net.up();
    await expectSettled(deal, before);
    await whenConnected(net, WORKERS);
  },
);

/** All tasks completed and nothing happened twice; the requester is poorer by the price of the deal, to the last unit. */
async function expectSettled(deal: MatchedRun, before: bigint): Promise<void> {
  const tasks = await whenEnded(net, deal.taskIds);
  expectCompleted(tasks);
  await expectNothingTwice(net, deal.taskIds);
  expect(before - (await wealthOf(net, net.address('requester')))).toBe(deal.total);
}

interface TaskSummary {
  readonly taskId: TaskId;
  readonly index: string;
  readonly status: string;
  readonly price: string;
  readonly contributions: readonly { readonly worker: string; readonly resultHash: string; readonly status: string }[];
  readonly payouts: readonly { readonly rewarded: string }[];
}

function expectHonest(task: TaskSummary): void {
  const { status, contributions, payouts, price } = task;
  expect(status, JSON.stringify(task)).toBe('COMPLETED');
  const proved = contributions.filter((contribution) => contribution.status === 'PROVED');
  expect(new Set(proved.map(({ worker }) => worker)).size).toBeGreaterThanOrEqual(3);
  expect(new Set(contributions.map(({ resultHash }) => resultHash)).size).toBe(1);
  expect(payouts.reduce((sum, { rewarded }) => sum + BigInt(rewarded), 0n)).toBe(BigInt(price));
}

function referenceOf(
  dealId: DealId,
  { taskId, index }: { taskId: TaskId; index: string | bigint },
  botSize: number,
  args: readonly string[],
) {
  return { taskId, dealId, index: Number(index), botFirst: 0, botSize, args };
}

/** The archive of a task holds what Node's own WASI computes. */
async function expectReference(deal: MatchedRun, task: TaskRecord, args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-result-'));
  try {
    await extractArchive(await fetchContent(net.as('requester'), String(task.resultCid), { maxBytes: MAX_ARCHIVE_BYTES }), folder);
    const { files } = runReference(readFileSync(probeWasm), referenceOf(deal.dealId, task, deal.taskIds.length, args));
    expect(readFiles(folder)).toMatchObject(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
