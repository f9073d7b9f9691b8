import { createHash } from 'node:crypto';
import { createServer } from '@gleaner/api/server';
import { type DealId, GleanerError, type TaskId } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import {
  findPoolTask,
  insertPoolTasks,
  listReplicates,
  offerReplicate,
  putDeals,
  putWorkerSession,
  registerWorker,
  type Store,
  setTaskState,
  type TaskReason,
} from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerReplicateRoutes } from '../src/http/registerReplicateRoutes.ts';
import { Latecomers } from '../src/Latecomers.ts';
import { driveTasks } from '../src/loops/driveTasks.ts';
import { readmitDeals } from '../src/loops/readmitDeals.ts';
import { InFlight, type Pool, PoolSignals } from '../src/pool.ts';
import { Scores } from '../src/Scores.ts';
import { aDeal, aWorker, WORKER, WORKERPOOL } from './rows.ts';

const TOKEN = 'session';
const REFUSED: TaskReason = { code: 'forbidden', message: 'The key may not sign for this owner' };
const FIRST = `0x${'d1'.repeat(32)}` as DealId;
const SECOND = `0x${'d2'.repeat(32)}` as DealId;

let store: Store;
/** Deals that the scheduler's key may not sign for at the moment. */
let refused: Set<DealId>;
beforeEach(async () => {
  store = await openTestStore();
  refused = new Set();
  await registerWorker(store.db, aWorker({ slots: 2 }));
});
afterEach(() => store?.close());

test('work that cannot be signed for at the moment keeps no other work from a worker, and is given later', async () => {
  const [first, second] = [await aTask(FIRST), await aTask(SECOND)];
  for (const id of [first, second]) await offerReplicate(store.db, { taskId: id, worker: WORKER, generation: 0 });
  const tokenHash = createHash('sha256').update(TOKEN).digest('hex');
  await putWorkerSession(store.db, { wallet: WORKER, workerpool: WORKERPOOL, tokenHash, ttlMs: 60_000 });
  const server = await createServer({ name: 'scheduler', log: pino({ level: 'silent' }) });
  registerReplicateRoutes(server, aPool());
  const next = async (holding: readonly TaskId[]) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await server.inject({ method: 'POST', url: '/work/next', headers, payload: { waitMs: 0, holding } });
    return (answer.json() as { assignment?: { taskId: TaskId } }).assignment?.taskId;
  };
  refused.add(FIRST);
  expect(await next([])).toBe(second);
  expect(await next([second])).toBeUndefined();
  expect(await listReplicates(store.db, [first])).toMatchObject([{ status: 'offered' }]);
  refused.clear();
  expect(await next([second])).toBe(first);
  await server.close();
});

test('no worker is asked for a task while none could be let in', async () => {
  const id = await aTask(FIRST);
  refused.add(FIRST);
  const stop = run((signal) => driveTasks(aPool(), new Scores({ scores: async (workers) => workers.map(() => 0n) }), signal));
  await expect.poll(async () => (await findPoolTask(store.db, id))?.state, { timeout: 5_000 }).toBe('initializing');
  expect(await listReplicates(store.db, [id])).toEqual([]);
  refused.clear();
  await expect.poll(() => listReplicates(store.db, [id]), { timeout: 5_000 }).toMatchObject([{ worker: WORKER, status: 'offered' }]);
  await stop();
});

test('a deal that was refused is worked on after all once it can be served', async () => {
  const [first, second] = [await aTask(FIRST, REFUSED), await aTask(SECOND, REFUSED)];
  for (const id of [first, second])
    await setTaskState(store.db, { taskId: id, version: 0n, wakes: 0n, state: 'refunding', wakeInMs: 60_000 });
  refused.add(SECOND);
  const stop = run((signal) => readmitDeals(aPool(), signal));
  await expect.poll(async () => (await findPoolTask(store.db, first))?.state, { timeout: 5_000 }).toBe('received');
  expect(await findPoolTask(store.db, first)).toMatchObject({ reasonCode: null });
  expect(await findPoolTask(store.db, second)).toMatchObject({ state: 'refunding', reasonCode: 'forbidden' });
  await stop();
});

function run(loop: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const end = new AbortController();
  const running = loop(end.signal);
  return async () => {
    end.abort();
    await running;
  };
}

async function aTask(dealId: DealId, reason?: TaskReason): Promise<TaskId> {
  const deal = { ...aDeal(), dealId, trust: 1n };
  await putDeals(store.db, [{ ...deal, logIndex: dealId === FIRST ? 0 : 1 }]);
  const id = taskId(dealId, 0n);
  const deadlines = { timeref: 300n, contributionDeadline: 10_000n, finalDeadline: 20_000n };
  const task = { taskId: id, dealId, index: 0n, workerpool: WORKERPOOL, trust: deal.trust, category: deal.category, ...deadlines };
  await insertPoolTasks(store.db, [{ ...task, ...(reason && { reason }) }]);
  return id;
}

function aPool(): Pool {
  const pools = {
    addresses: () => [WORKERPOOL],
    refusalOf: async ({ dealId }: { dealId: DealId }) => (refused.has(dealId) ? REFUSED : undefined),
    async chainOf(dealId: DealId) {
      if (refused.has(dealId)) throw new GleanerError(REFUSED.code, REFUSED.message);
      return { authorize: async () => '0x5e' };
    },
  };
  return {
    workerpool: WORKERPOOL,
    pools,
    store,
    log: pino({ level: 'silent' }),
    holder: 'this',
    startedAtMs: Date.now(),
    clock: { nowMs: () => Date.now() },
    inFlight: new InFlight(),
    latecomers: new Latecomers(),
    initializer: { add: () => undefined },
    signals: new PoolSignals(),
  } as unknown as Pool;
}
