import { taskId } from '@gleaner/protocol';
import { claimDueTasks, findPoolTask, insertPoolTasks, putDeals, type Store } from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latecomers } from '../src/Latecomers.ts';
import { CLAIM_MS, driveTasks } from '../src/loops/driveTasks.ts';
import { InFlight, type Pool, PoolSignals } from '../src/pool.ts';
import { Scores } from '../src/Scores.ts';
import { aDeal, WORKERPOOL } from './rows.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store?.close());

test('a task that a scheduler had claimed when it was killed is decided by the next one within seconds', async () => {
  const { dealId, trust, category } = aDeal();
  await putDeals(store.db, [aDeal()]);
  const task = { dealId, taskId: taskId(dealId, 0n), index: 0n, workerpool: WORKERPOOL, trust, category, timeref: 300n };
  await insertPoolTasks(store.db, [{ ...task, contributionDeadline: 10_000n, finalDeadline: 20_000n }]);
  expect(await claimDueTasks(store.db, { holder: 'killed', leaseMs: CLAIM_MS, limit: 1 })).toHaveLength(1);

  const end = new AbortController();
  const chain = { scores: async () => [] };
  const running = driveTasks(aPool(), new Scores(chain), end.signal);
  await expect.poll(async () => (await findPoolTask(store.db, task.taskId))?.state, { timeout: 6_000 }).toBe('initializing');
  end.abort();
  await running;
});

function aPool(): Pool {
  return {
    workerpool: WORKERPOOL,
    pools: { addresses: () => [WORKERPOOL] },
    store,
    log: pino({ level: 'silent' }),
    holder: 'next',
    startedAtMs: 0,
    clock: { nowMs: () => 1_000_000 },
    inFlight: new InFlight(),
    latecomers: new Latecomers(),
    initializer: { add: () => undefined },
    signals: new PoolSignals(),
  } as unknown as Pool;
}
