import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Bytes32, TaskId } from '@gleaner/primitives';
import { MAX_LOG_CHARS, type ReplicateStatus } from '@gleaner/protocol';
import { expect, test } from 'vitest';
import {
  abortReplicates,
  claimDueTasks,
  countPoolTasksByState,
  deleteTasksWithoutDeal,
  findPlace,
  findPoolTask,
  findWorkerBySession,
  insertChain,
  insertPoolTasks,
  listDealsRefused,
  listOnlineWorkers,
  listOpenReplicatesOfWorker,
  listPoolTasks,
  listPoolTasksOfDeal,
  listReplicates,
  listServedPools,
  listTaskIdsChangedSince,
  listTaskLogs,
  listUnservedDeals,
  markSilentReplicatesLost,
  offerReplicate,
  purgeTaskLogs,
  putDeals,
  putServedPool,
  putTaskLog,
  putTasks,
  putWorkerSession,
  readmitTasks,
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
    const one = { total: 1, perOwner: 1 };
    expect(await putServedPool(db, { workerpool: first, home, owner: uniqueAddress() }, one)).toBe('served');
    expect(await putServedPool(db, { workerpool: second, home, owner: uniqueAddress() }, one)).toBe('full');
    expect(await putServedPool(db, { workerpool: first, home, owner: uniqueAddress() }, one)).toBe('served');
    expect(await putServedPool(db, { workerpool: first, home: other, owner: uniqueAddress() }, one)).toBe('served');
    expect(await listServedPools(db, home)).toEqual([]);
    expect(await listServedPools(db, other)).toEqual([first.toLowerCase()]);
  });

  test('an owner has so many places and no more; a pool’s place stays theirs whoever asks for it again', async () => {
    const { db } = store();
    const [home, owner, heir] = [uniqueAddress(), uniqueAddress(), uniqueAddress()];
    const limits = { total: 4, perOwner: 2 };
    const [first, ...more] = Array.from({ length: 5 }, () => uniqueAddress());
    const put = (workerpool: Address | undefined, by: Address) =>
      putServedPool(db, { workerpool: workerpool as Address, home, owner: by }, limits);
    expect(await put(first, owner)).toBe('served');
    expect(await put(more[0], owner.toUpperCase().replace('0X', '0x') as Address)).toBe('served');
    expect(await put(more[1], owner)).toBe('owner-full');
    expect(await put(first, heir)).toBe('served');
    expect(await put(more[1], owner)).toBe('owner-full');
    expect(await put(more[1], heir)).toBe('served');
    expect(await put(more[2], heir)).toBe('served');
    expect(await put(more[3], uniqueAddress())).toBe('full');
    expect(await findPlace(db, { workerpool: more[3] as Address, home, owner }, limits)).toBe('full');
    expect(await listServedPools(db, home)).toHaveLength(4);
  });

  test('unserved deals are told once for each kind, but of no pool that somebody serves', async () => {
    const { db } = store();
    const home = uniqueAddress();
    const tagged = (digit: string) => `0x${'0'.repeat(63)}${digit}` as Bytes32;
    const [strange, taken, driven] = [uniqueAddress(), uniqueAddress(), uniqueAddress()];
    const since = 1_000_000n;
    const terms = { workerpool: strange, workerpoolOwner: uniqueAddress(), tag: tagged('9'), trust: 1n };
    const deals = [
      { ...terms, blockNumber: since },
      { ...terms, blockNumber: since + 1n },
      { ...terms, blockNumber: since + 2n, tag: tagged('8'), trust: 5n },
      { ...terms, blockNumber: since - 1n, workerpoolOwner: uniqueAddress() },
      { workerpool: taken, blockNumber: since },
      { workerpool: driven, blockNumber: since },
      { workerpool: home, blockNumber: since },
    ];
    await putDeals(db, deals.map(aDeal));
    await putServedPool(db, { workerpool: taken, home: uniqueAddress(), owner: home }, { total: 1, perOwner: 1 });
    await insertPoolTasks(db, [aPoolTask({ workerpool: driven })]);
    const kinds = await listUnservedDeals(db, { home, since, limit: 1000 });
    const lower = { ...terms, workerpool: strange.toLowerCase(), workerpoolOwner: terms.workerpoolOwner.toLowerCase() };
    expect(kinds).toEqual([lower, { ...lower, tag: tagged('8'), trust: 5n }]);
    expect(await listUnservedDeals(db, { home, since, limit: 1 })).toEqual([{ ...lower, tag: tagged('8'), trust: 5n }]);
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

  test('tasks that are refunded for a reason are opened again when it is over, and no others', async () => {
    const { db } = store();
    const [deal, other] = [aDeal(), aDeal()];
    const { dealId, workerpool } = deal;
    await putDeals(db, [deal, { ...other, workerpool }]);
    const refused = { code: 'forbidden', message: 'not now' } as const;
    const tasks = {
      refused: aPoolTask({ dealId, workerpool, index: 0n, reason: refused }),
      ended: aPoolTask({ dealId, workerpool, index: 1n, reason: refused }),
      hopeless: aPoolTask({ dealId, workerpool, index: 2n, reason: { code: 'no-consensus', message: '' } }),
      elsewhere: aPoolTask({ dealId: other.dealId, workerpool, reason: { code: 'no-consensus', message: '' } }),
    };
    await insertPoolTasks(db, Object.values(tasks));
    const states = { refused: 'refunding', ended: 'failed', hopeless: 'refunding', elsewhere: 'refunding' };
    for (const [name, { taskId }] of Object.entries(tasks))
      await setTaskState(db, { taskId, version: 0n, wakes: 0n, state: states[name as keyof typeof states], wakeInMs: 60_000 });
    const listed = () => listDealsRefused(db, { workerpools: [workerpool], code: 'forbidden', limit: 10 });
    expect((await listed()).map((found) => found.dealId)).toEqual([dealId]);
    expect(await readmitTasks(db, { dealId, code: 'forbidden' })).toEqual([tasks.refused.taskId]);
    expect(await findPoolTask(db, tasks.refused.taskId)).toMatchObject({ state: 'received', reasonCode: null, reasonMessage: null });
    expect(await findPoolTask(db, tasks.ended.taskId)).toMatchObject({ state: 'failed', reasonCode: 'forbidden' });
    expect(await listed()).toEqual([]);
    expect(await claimDueTasks(db, { holder: 'a', leaseMs: 1000, limit: 10, workerpools: [workerpool] })).toMatchObject([
      { taskId: tasks.refused.taskId },
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
