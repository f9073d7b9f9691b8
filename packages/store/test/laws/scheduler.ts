import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Bytes32, TaskId } from '@gleaner/primitives';
import { MAX_LOG_CHARS, type ReplicateStatus } from '@gleaner/protocol';
import { expect, test } from 'vitest';
import {
  abortReplicates,
  claimDueTasks,
  countPoolTasksByState,
  deleteTasksWithoutDeal,
  findPoolTask,
  findWorkerBySession,
  insertChain,
  insertPoolTasks,
  listOnlineWorkers,
  listOpenReplicatesOfWorker,
  listPoolTasks,
  listPoolTasksOfDeal,
  listReplicates,
  listServedPools,
  listTaskIdsChangedSince,
  listTaskLogs,
  listUnservedPools,
  markSilentReplicatesLost,
  offerReplicate,
  purgeTaskLogs,
  putDeals,
  putServedPool,
  putTaskLog,
  putTasks,
  putWorkerSession,
  registerWorker,
  reportReplicate,
  reviveTasks,
  SLOT_STATUSES,
  type Store,
  setTaskState,
  statusesBefore,
  touchWorker,
  wakeTasks,
} from '../../src/index.ts';
import { aDeal, aPoolTask, aTask, unique32, uniqueAddress } from '../values.ts';

export function schedulerLaws(store: () => Store): void {
  test('a deal is taken up once, however often it is inserted', async () => {
    const { db } = store();
    const dealId = unique32<ReturnType<typeof aPoolTask>['dealId']>();
    const tasks = [0n, 1n, 2n].map((index) => aPoolTask({ dealId, index }));
    expect(await insertPoolTasks(db, tasks.slice(0, 2))).toHaveLength(2);
    expect(await insertPoolTasks(db, tasks)).toEqual([tasks[2]?.taskId]);
    const rows = await listPoolTasksOfDeal(db, dealId);
    expect(rows.map(({ index, state, version }) => [index, state, version])).toEqual([
      [0n, 'received', 0n],
      [1n, 'received', 0n],
      [2n, 'received', 0n],
    ]);
    expect(rows[0]?.history[0]?.state).toBe('received');
    expect(Math.abs(Date.now() - (rows[0]?.history[0]?.atMs ?? 0))).toBeLessThan(60_000);
  });

  test('a claimed task is nobody else’s until the claim ends by time', async () => {
    const { db } = store();
    const { workerpool } = await aStoredTask(db);
    expect(await claimDueTasks(db, { holder: 'a', leaseMs: 400, limit: 10, workerpools: [workerpool] })).toHaveLength(1);
    expect(await claimDueTasks(db, { holder: 'b', leaseMs: 400, limit: 10, workerpools: [workerpool] })).toHaveLength(0);
    await sleep(450);
    expect(await claimDueTasks(db, { holder: 'b', leaseMs: 40, limit: 10, workerpools: [workerpool] })).toMatchObject([{ claimedBy: 'b' }]);
  });

  test('a decision on an old version is refused', async () => {
    const { db } = store();
    const task = await aStoredTask(db);
    const first = await setTaskState(db, { ...seen(task), state: 'initializing', wakeInMs: 0 });
    expect(first).toMatchObject({ state: 'initializing', version: 1n });
    expect(await setTaskState(db, { ...seen(task), state: 'failed', wakeInMs: 0 })).toBeUndefined();
    expect((await findPoolTask(db, task.taskId))?.state).toBe('initializing');
  });

  test('a task sleeps until its time, unless it is woken, also while it is being decided', async () => {
    const { db } = store();
    const task = await aStoredTask(db);
    const due = () => claimDueTasks(db, { holder: 'a', leaseMs: 60_000, limit: 10, workerpools: [task.workerpool] });
    const asleep = await setTaskState(db, { ...seen(task), wakeInMs: 60_000 });
    expect(await due()).toHaveLength(0);
    await wakeTasks(db, [task.taskId]);
    expect(await due()).toHaveLength(1);
    await setTaskState(db, { taskId: task.taskId, version: asleep?.version ?? 0n, wakes: 0n, wakeInMs: 60_000 });
    expect(await due()).toHaveLength(1);
  });

  test('an ended task is never due, and its history tells the states', async () => {
    const { db } = store();
    const task = await aStoredTask(db);
    const reason = { code: 'task-timed-out', message: 'too late\0' } as const;
    const ended = await setTaskState(db, { ...seen(task), state: 'failed', reason, wakeInMs: 0 });
    await wakeTasks(db, [task.taskId]);
    expect(await claimDueTasks(db, { holder: 'a', leaseMs: 1000, limit: 10, workerpools: [task.workerpool] })).toHaveLength(0);
    expect(ended).toMatchObject({ reasonCode: 'task-timed-out', reasonMessage: 'too late\uFFFD' });
    expect(ended?.history.map(({ state }) => state)).toEqual(['received', 'failed']);
    expect(await countPoolTasksByState(db, task.workerpool)).toEqual({ failed: 1 });
    expect(await listPoolTasks(db, { workerpool: task.workerpool, states: ['failed'] })).toHaveLength(1);
  });

  test('tasks of a deal that left the chain are deleted, with their replicates', async () => {
    const { db } = store();
    const deal = aDeal();
    await putDeals(db, [deal]);
    const kept = aPoolTask({ dealId: deal.dealId, workerpool: deal.workerpool });
    const orphan = aPoolTask({ workerpool: deal.workerpool });
    await insertPoolTasks(db, [kept, orphan]);
    await offerReplicate(db, { taskId: orphan.taskId, worker: await aWorker(db), generation: 0 });
    expect(await deleteTasksWithoutDeal(db, [deal.workerpool])).toEqual([orphan.taskId]);
    expect(await listReplicates(db, [orphan.taskId])).toEqual([]);
  });

  test('a worker gets a task once, and no more tasks than it has slots', async () => {
    const { db } = store();
    const [one, two, three] = [await aStoredTask(db), await aStoredTask(db), await aStoredTask(db)];
    const worker = await aWorker(db, { slots: 2 });
    const offer = (taskId: TaskId) => offerReplicate(db, { taskId, worker, generation: 0 });
    expect(await offer(one.taskId)).toMatchObject({ offered: { status: 'offered', worker } });
    expect(await offer(one.taskId)).toEqual({ refused: 'had-it-already' });
    expect(await offer(two.taskId)).toHaveProperty('offered');
    expect(await offer(three.taskId)).toEqual({ refused: 'no-free-slot' });
    await reportReplicate(db, { taskId: one.taskId, worker, status: 'contributed' });
    expect(await offer(three.taskId)).toHaveProperty('offered');
    expect(await offerReplicate(db, { taskId: one.taskId, worker: uniqueAddress(), generation: 0 })).toEqual({ refused: 'unknown-worker' });
    expect(await listOpenReplicatesOfWorker(db, worker)).toHaveLength(3);
  });

  test('reports go forward only, each counts once', async () => {
    const { db } = store();
    const { taskId } = await aStoredTask(db);
    const worker = await aWorker(db);
    await offerReplicate(db, { taskId, worker, generation: 0 });
    const report = async (status: ReplicateStatus) => (await reportReplicate(db, { taskId, worker, status }))?.outcome;
    expect(await report('computing')).toBe('applied');
    expect(await report('computing')).toBe('repeated');
    expect(await report('accepted')).toBe('refused');
    expect(await report('lost')).toBe('applied');
    expect(await report('computed')).toBe('applied');
    expect(await report('accepted')).toBe('refused');
    expect(await report('revealed')).toBe('applied');
    expect(await report('uploading')).toBe('applied');
    expect(await report('revealed')).toBe('applied');
    const failed = { taskId, worker, status: 'failed', failureCode: 'program-trapped', deterministic: true, exitCode: 1 } as const;
    expect(await reportReplicate(db, failed)).toMatchObject({ outcome: 'applied', replicate: { deterministic: true, exitCode: 1 } });
    expect(await report('contributed')).toBe('refused');
    expect(await reportReplicate(db, { taskId, worker: uniqueAddress(), status: 'accepted' })).toBeUndefined();
  });

  test('a status follows from those the protocol names, the slot-holding ones are open', () => {
    expect(statusesBefore('computed')).toEqual(['offered', 'accepted', 'downloading', 'computing', 'lost']);
    expect(statusesBefore('offered')).toEqual([]);
    expect(SLOT_STATUSES.every((status) => statusesBefore('failed').includes(status))).toBe(true);
  });

  test('what the chain changed is told per pool, everything open after a reorganisation', async () => {
    const { db } = store();
    const task = await aStoredTask(db);
    const head = { number: 0n, hash: unique32(), parentHash: unique32(), timestamp: 0n };
    await insertChain(db, { chainId: 1n, genesisHash: head.hash, hubAddress: uniqueAddress(), head });
    const { workerpool } = task;
    const first = await listTaskIdsChangedSince(db, { workerpools: [workerpool], block: -1n, rewinds: -1n });
    expect(first.taskIds).toEqual([task.taskId]);
    expect((await listTaskIdsChangedSince(db, { workerpools: [workerpool], block: 6n, rewinds: first.rewinds })).taskIds).toEqual([]);
    await putTasks(db, [aTask({ taskId: task.taskId, updatedBlock: 7n })]);
    expect((await listTaskIdsChangedSince(db, { workerpools: [workerpool], block: 6n, rewinds: first.rewinds })).taskIds).toEqual([
      task.taskId,
    ]);
    expect((await listTaskIdsChangedSince(db, { workerpools: [workerpool], block: 7n, rewinds: first.rewinds })).taskIds).toEqual([]);
  });

  test('a pool is served by one scheduler, the last to take it up, which serves no more than its limit', async () => {
    const { db } = store();
    const [home, other, first, second] = [uniqueAddress(), uniqueAddress(), uniqueAddress(), uniqueAddress()];
    expect(await putServedPool(db, { workerpool: first, home, limit: 1 })).toBe(true);
    expect(await putServedPool(db, { workerpool: second, home, limit: 1 })).toBe(false);
    expect(await putServedPool(db, { workerpool: first, home, limit: 1 })).toBe(true);
    expect(await putServedPool(db, { workerpool: first, home: other, limit: 1 })).toBe(true);
    expect(await listServedPools(db, home)).toEqual([]);
    expect(await listServedPools(db, other)).toEqual([first.toLowerCase()]);
  });

  test('unserved are the pools of an owner, and those with deals that one enclave ends alone', async () => {
    const { db } = store();
    const [home, owner] = [uniqueAddress(), uniqueAddress()];
    const tagged = (digit: string) => `0x${'0'.repeat(63)}${digit}` as Bytes32;
    const pools = {
      own: { workerpoolOwner: owner, tag: tagged('0'), trust: 9n },
      enclave: { tag: tagged('9'), trust: 1n },
      plain: { tag: tagged('8'), trust: 1n },
      checked: { tag: tagged('9'), trust: 2n },
      early: { tag: tagged('9'), trust: 1n, blockNumber: 999n },
      served: { tag: tagged('9'), trust: 1n },
    };
    const deals = Object.entries(pools).map(([name, terms]) => ({
      name,
      ...aDeal({ blockNumber: 1_000n, workerpool: uniqueAddress(), ...terms }),
    }));
    await putDeals(
      db,
      deals.map(({ name: _, ...deal }) => deal),
    );
    const poolOf = (wanted: string) => deals.find(({ name }) => name === wanted)?.workerpool as Address;
    await putServedPool(db, { workerpool: poolOf('served'), home: uniqueAddress(), limit: 1 });
    const unserved = await listUnservedPools(db, { home, owner, since: 1_000n, limit: 1000 });
    const names = deals.filter(({ workerpool }) => unserved.includes(workerpool.toLowerCase() as Address)).map(({ name }) => name);
    expect(names).toEqual(['own', 'enclave']);
    expect(await listUnservedPools(db, { home: poolOf('own'), owner, since: 1_000n, limit: 1000 })).not.toContain(
      poolOf('own').toLowerCase(),
    );
  });

  test('an ended task whose end the chain forgot is taken up again', async () => {
    const { db } = store();
    const task = await aStoredTask(db);
    await setTaskState(db, { ...seen(task), state: 'completed', wakeInMs: 0 });
    await putTasks(db, [aTask({ taskId: task.taskId, status: 'COMPLETED' })]);
    expect(await reviveTasks(db, [task.workerpool])).toEqual([]);
    await putTasks(db, [aTask({ taskId: task.taskId, status: 'REVEALING' })]);
    expect(await reviveTasks(db, [task.workerpool])).toEqual([task.taskId]);
    expect(await claimDueTasks(db, { holder: 'a', leaseMs: 1000, limit: 1, workerpools: [task.workerpool] })).toMatchObject([
      { state: 'received' },
    ]);
  });

  test('a silent worker loses what it computes, not what it contributed', async () => {
    const { db } = store();
    const [computing, contributed] = [await aStoredTask(db), await aStoredTask(db)];
    const worker = await aWorker(db, { slots: 2 });
    for (const { taskId } of [computing, contributed]) await offerReplicate(db, { taskId, worker, generation: 0 });
    await reportReplicate(db, { taskId: contributed.taskId, worker, status: 'contributed' });
    await sleep(30);
    const lost = (await markSilentReplicatesLost(db, 10)).filter((replicate) => replicate.worker === worker);
    expect(lost).toMatchObject([{ taskId: computing.taskId, status: 'lost' }]);
    await touchWorker(db, worker);
    expect(await abortReplicates(db, contributed.taskId, { code: 'task-timed-out', message: 'late' })).toMatchObject([
      { status: 'aborted' },
    ]);
  });

  test('workers online are those heard lately, freest first', async () => {
    const { db } = store();
    const workerpool = uniqueAddress();
    const busy = await aWorker(db, { workerpool, slots: 1 });
    const free = await aWorker(db, { workerpool, slots: 1 });
    await offerReplicate(db, { taskId: (await aStoredTask(db)).taskId, worker: busy, generation: 0 });
    const online = await listOnlineWorkers(db, { workerpool, silentMs: 60_000 });
    expect(online.map(({ wallet, busy: taken, memoryBytes }) => [wallet, taken, memoryBytes])).toEqual([
      [free, 0, 2n ** 33n],
      [busy, 1, 2n ** 33n],
    ]);
    await sleep(20);
    expect(await listOnlineWorkers(db, { workerpool, silentMs: 5 })).toEqual([]);
    expect(await touchWorker(db, uniqueAddress())).toBe(false);
  });

  test('a session ends by time and by the next one', async () => {
    const { db } = store();
    const [wallet, workerpool] = [uniqueAddress(), uniqueAddress()];
    await putWorkerSession(db, { wallet, workerpool, tokenHash: `${wallet}-1`, ttlMs: 60_000 });
    expect(await findWorkerBySession(db, `${wallet}-1`)).toMatchObject({ wallet, slots: 0, kinds: [] });
    await putWorkerSession(db, { wallet, workerpool, tokenHash: `${wallet}-2`, ttlMs: 10 });
    expect(await findWorkerBySession(db, `${wallet}-1`)).toBeUndefined();
    await sleep(30);
    expect(await findWorkerBySession(db, `${wallet}-2`)).toBeUndefined();
  });

  test('logs keep their tail, whatever bytes a program prints, until they are old', async () => {
    const { db } = store();
    const [taskId, worker] = [unique32<TaskId>(), uniqueAddress()];
    await putTaskLog(db, { taskId, worker, stdout: `x${'y'.repeat(MAX_LOG_CHARS)}`, stderr: 'a\0b\uD800' });
    const [log] = await listTaskLogs(db, taskId);
    expect(log?.stdout).toBe('y'.repeat(MAX_LOG_CHARS));
    expect(log?.stderr).toBe('a\uFFFDb\uFFFD');
    expect(await purgeTaskLogs(db, 60_000)).toBe(0);
    await sleep(10);
    expect(await purgeTaskLogs(db, 1)).toBe(1);
  });
}

const seen = ({ taskId }: { taskId: TaskId }) => ({ taskId, version: 0n, wakes: 0n });

async function aStoredTask(db: Store['db']) {
  const task = aPoolTask();
  await insertPoolTasks(db, [task]);
  return task;
}

async function aWorker(db: Store['db'], { slots = 5, workerpool = uniqueAddress() } = {}): Promise<Address> {
  const wallet = uniqueAddress();
  await registerWorker(db, { wallet, workerpool, name: 'w', os: 'linux', cpuCount: 2, memoryBytes: 2n ** 33n, kinds: ['wasi'], slots });
  return wallet;
}
