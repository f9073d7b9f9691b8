import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TaskId } from '@gleaner/primitives';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  claimDueTasks,
  findPoolTask,
  insertPoolTasks,
  listServedPools,
  notify,
  offerReplicate,
  openStore,
  putServedPool,
  registerWorker,
  type Store,
  setTaskState,
  withLease,
} from '../src/index.ts';
import { aPoolTask, uniqueAddress } from './values.ts';

const CLIENTS = 8;

let postgres: TestPostgres;
let url: string;
let clients: Store[];
beforeAll(async () => {
  postgres = await startTestPostgres();
  url = (await postgres.createDatabase()).url;
  clients = await Promise.all(Array.from({ length: CLIENTS }, () => openStore({ url, maxConnections: 2 })));
}, 60_000);
afterAll(async () => {
  await Promise.all((clients ?? []).map((client) => client.close()));
  await postgres?.close();
});

const first = (): Store => clients[0] as Store;

test('eight schedulers drain 400 tasks, each task decided by one of them at a time and once in all', async () => {
  const workerpool = uniqueAddress();
  await insertPoolTasks(
    first().db,
    Array.from({ length: 400 }, () => aPoolTask({ workerpool })),
  );
  const decided: TaskId[] = [];
  const held = new Set<TaskId>();
  const drain = async ({ db }: Store, holder: string): Promise<void> => {
    for (;;) {
      const claimed = await claimDueTasks(db, { holder, leaseMs: 60_000, limit: 7, workerpools: [workerpool] });
      if (claimed.length === 0) return;
      for (const { taskId } of claimed) {
        expect(held.has(taskId)).toBe(false);
        held.add(taskId);
      }
      for (const { taskId, version, wakes } of claimed) {
        held.delete(taskId);
        const recorded = await setTaskState(db, { taskId, version, wakes, state: 'completed', wakeInMs: 0 });
        expect(recorded).toBeDefined();
        decided.push(taskId);
      }
    }
  };
  await Promise.all(clients.map((client, number) => drain(client, `scheduler-${number}`)));
  expect(new Set(decided).size).toBe(400);
  expect(decided).toHaveLength(400);
});

test('eight schedulers offer to one worker: never more than its slots, never one task twice', async () => {
  const workerpool = uniqueAddress();
  const tasks = Array.from({ length: 30 }, () => aPoolTask({ workerpool }));
  await insertPoolTasks(first().db, tasks);
  const worker = uniqueAddress();
  await registerWorker(first().db, { wallet: worker, workerpool, name: '', os: '', cpuCount: 1, memoryBytes: 1n, kinds: [], slots: 5 });
  const offers = tasks.flatMap(({ taskId }) => clients.map(({ db }) => offerReplicate(db, { taskId, worker, generation: 0 })));
  const answers = await Promise.all(offers);
  expect(answers.filter((answer) => 'offered' in answer)).toHaveLength(5);
});

test('eight schedulers take up pools of one owner: never more than its places', async () => {
  const [home, owner] = [uniqueAddress(), uniqueAddress()];
  const limits = { total: 100, perOwner: 3 };
  const puts = clients.flatMap(({ db }) =>
    Array.from({ length: 4 }, () => putServedPool(db, { workerpool: uniqueAddress(), home, owner }, limits)),
  );
  const answers = await Promise.all(puts);
  expect(answers.filter((answer) => answer === 'served')).toHaveLength(3);
  expect(await listServedPools(first().db, home)).toHaveLength(3);
});

test('two decisions on one version: one is recorded', async () => {
  const task = aPoolTask();
  await insertPoolTasks(first().db, [task]);
  const change = { taskId: task.taskId, version: 0n, wakes: 0n, wakeInMs: 0 };
  const recorded = await Promise.all(clients.map(({ db }, number) => setTaskState(db, { ...change, state: `s${number}` })));
  expect(recorded.filter((row) => row !== undefined)).toHaveLength(1);
  expect((await findPoolTask(first().db, task.taskId))?.version).toBe(1n);
});

test('the claims and the lease of a killed process end by time', async () => {
  const workerpool = uniqueAddress();
  await insertPoolTasks(first().db, [aPoolTask({ workerpool })]);
  const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const script = `
    import { claimDueTasks, openStore, withLease } from ${JSON.stringify(index)};
    const { db } = await openStore({ url: ${JSON.stringify(url)} });
    await withLease(db, { name: 'killed', ttlMs: 1000 }, async () => {
      const claimed = await claimDueTasks(db, { holder: 'killed', leaseMs: 1000, limit: 9, workerpools: [${JSON.stringify(workerpool)}] });
      console.log(claimed.length);
      await new Promise(() => setInterval(() => {}, 1000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  expect(line).toBe('1');
  const claim = () => claimDueTasks(first().db, { holder: 'next', leaseMs: 1000, limit: 9, workerpools: [workerpool] });
  expect(await claim()).toEqual([]);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await withLease(first().db, { name: 'killed', ttlMs: 1000, signal: AbortSignal.timeout(5_000) }, async () => {});
  await expect.poll(async () => (await claim()).length, { timeout: 5_000 }).toBe(1);
});

test('what is notified in a transaction is heard after it, by another process too', async () => {
  const heard: string[] = [];
  const unlisten = await first().listen('news', (payload) => heard.push(payload));
  await expect.poll(() => heard).toEqual(['']);
  await (clients[1] as Store).db.transaction().execute(async (trx) => {
    await notify(trx, 'news', 'one');
    expect(heard).toEqual(['']);
  });
  await expect.poll(() => heard).toEqual(['', 'one']);
  await unlisten();
});
