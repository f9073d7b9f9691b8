import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHub } from '@gleaner/chain';
import type { TaskId } from '@gleaner/primitives';
import {
  findChain,
  findDeal,
  findTask,
  listAssets,
  listCategories,
  listConsumption,
  listContributions,
  listPayouts,
  openStore,
  type Store,
} from '@gleaner/store';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ledger, type LedgerChange, startLedger } from '../src/index.ts';
import { type LiveMarket, PRICE_PER_TASK, startLiveMarket } from './liveMarket.ts';

const quiet = { info: () => {}, warn: () => {} };

let postgres: TestPostgres;
let market: LiveMarket;
let store: Store;
let ledger: Ledger;
let databaseUrl: string;

beforeAll(async () => {
  [postgres, market] = await Promise.all([startTestPostgres(), startLiveMarket()]);
  databaseUrl = (await postgres.createDatabase()).url;
  store = await openStore({ url: databaseUrl });
  ledger = startLedger({ chain: market.chain, store, log: quiet });
}, 90_000);
afterAll(async () => {
  await ledger?.close();
  await store?.close();
  await Promise.all([market?.close(), postgres?.close()]);
});

describe('on a real chain', () => {
  test('a deal goes from match to payment, every row as the hub has it, payouts adding up to the price', async () => {
    const dealId = await market.match(2n);
    const [first, second] = (await market.initialize(dealId, [0n, 1n])) as [TaskId, TaskId];
    await market.contributeAll(first);
    await caughtUp();
    await agrees([first, second]);
    await market.revealAll(first);
    await ledger.waitForBlock(await market.finalize(first));
    await agrees([first, second]);
    const payouts = await listPayouts(store.db, first);
    expect(payouts.reduce((sum, { rewarded }) => sum + rewarded, 0n)).toBe(PRICE_PER_TASK);
    expect(payouts.find(({ seized }) => seized > 0n)?.seized).toBe(PRICE_PER_TASK);
    const deal = await findDeal(store.db, dealId);
    expect(deal).toMatchObject({ botSize: 2n, appPrice: PRICE_PER_TASK / 11n, params: '{"iexec_args":"hello"}' });
    expect(await listConsumption(store.db, deal ? [deal.requestHash] : [])).toMatchObject([{ consumed: 2n, closed: false }]);
    expect((await listAssets(store.db)).map(({ kind }) => kind).sort()).toEqual(['app', 'workerpool']);
    expect((await listCategories(store.db)).map(({ timeref }) => timeref)).toEqual([300n, 1200n, 3600n, 10800n, 36000n]);
  });

  test('a head becomes rows within 200 ms', async () => {
    const arrivals = new Map<bigint, number>();
    const seen = new Map<bigint, number>();
    const stop = ledger.onChange(({ head }) => arrivals.set(head.number, performance.now()));
    for (const end = performance.now() + 3000; performance.now() < end; await sleep(10)) {
      const { number } = await market.chain.head();
      if (!seen.has(number)) seen.set(number, performance.now());
    }
    stop();
    const delays = [...seen].slice(1, -1).flatMap(([number, at]) => (arrivals.get(number) ?? Number.POSITIVE_INFINITY) - at);
    delays.sort((a, b) => a - b);
    expect(delays.length).toBeGreaterThan(5);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(200);
  });

  test('a reorganisation takes back what it took, and the market goes on', async () => {
    const dealId = await market.match(1n);
    const [task] = (await market.initialize(dealId, [0n])) as [TaskId];
    await market.contributeAll(task);
    await caughtUp();
    const changes: LedgerChange[] = [];
    const stop = ledger.onChange((change) => changes.push(change));
    const before = await findChain(store.db);
    await market.node.reorganise(6);
    await expect.poll(async () => (await findChain(store.db))?.rewinds, { timeout: 10_000 }).toBe((before?.rewinds ?? 0n) + 1n);
    await caughtUp();
    stop();
    expect(changes.some(({ rewound, taskIds }) => rewound && taskIds.includes(task))).toBe(true);
    await agrees([task]);
  });

  test('a chain that crashed and came back, perhaps with a lower head, is followed', async () => {
    const dealId = await market.match(1n);
    const [task] = (await market.initialize(dealId, [0n])) as [TaskId];
    await caughtUp();
    await market.node.crash();
    await expect
      .poll(
        async () =>
          caughtUp().then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    // what the journal brings back is mined again some blocks later
    await expect.poll(() => findDeal(store.db, dealId), { timeout: 20_000 }).toBeDefined();
    await expect.poll(() => findTask(store.db, task), { timeout: 20_000 }).toBeDefined();
    await caughtUp();
    await agrees([task]);
  });

  test('an empty database catches up to the same rows', async () => {
    const other = await openStore({ url: (await postgres.createDatabase()).url });
    const again = startLedger({ chain: market.chain, store: other, log: quiet });
    try {
      await again.waitForBlock((await market.chain.head()).number, AbortSignal.timeout(20_000));
      await ledger.waitForBlock(again.headSeen());
      const tables = ['deal', 'task', 'contribution', 'asset', 'category'] as const;
      for (const table of tables) {
        const rows = async ({ db }: Store) =>
          new Set(
            (await db.selectFrom(table).selectAll().execute()).map((row) =>
              JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
            ),
          );
        expect(await rows(other)).toEqual(await rows(store));
      }
    } finally {
      await again.close();
      await other.close();
    }
  });

  test('when the leading process is killed, another leads within seconds', async () => {
    const url = (await postgres.createDatabase()).url;
    const [first, second] = [ledgerProcess(url), ledgerProcess(url)];
    try {
      const leader = await Promise.race([first.leads.then(() => first), second.leads.then(() => second)]);
      const follower = leader === first ? second : first;
      const dead = once(leader.child, 'exit');
      leader.child.kill('SIGKILL');
      await dead;
      const killedAt = performance.now();
      await follower.leads;
      expect(performance.now() - killedAt).toBeLessThan(8_000);
      const other = await openStore({ url });
      const head = (await market.chain.head()).number;
      await expect.poll(async () => (await findChain(other.db))?.headNumber ?? -1n, { timeout: 10_000 }).toBeGreaterThanOrEqual(head);
      await other.close();
    } finally {
      for (const { child } of [first, second]) child.kill('SIGKILL');
    }
  });

  test('a follower hears of what the leader writes', async () => {
    const other = await openStore({ url: databaseUrl });
    const follower = startLedger({ chain: market.chain, store: other, log: quiet });
    try {
      await follower.waitForBlock(ledger.headSeen() + 2n, AbortSignal.timeout(10_000));
      expect(follower.state()).toBe('following');
      const heard = new Promise<LedgerChange>((resolve) => follower.onChange((change) => change.dealIds.length > 0 && resolve(change)));
      const dealId = await market.match(1n);
      expect((await heard).dealIds).toContain(dealId);
    } finally {
      await follower.close();
      await other.close();
    }
  });

  test('a database that went away and came back is written again', async () => {
    await postgres.kill();
    await sleep(300);
    await postgres.restart();
    await expect
      .poll(
        () =>
          caughtUp().then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
  });
});

/** Waits until the rows are those of the head, hash and all. */
async function caughtUp(): Promise<void> {
  await expect
    .poll(async () => (await findChain(store.db))?.headHash === (await market.chain.head()).hash, { timeout: 10_000, interval: 20 })
    .toBe(true);
}

/** Tasks and contributions in the rows against the views of the hub, at the head of the ledger. */
async function agrees(taskIds: readonly TaskId[]): Promise<void> {
  const hub = readHub(market.chain);
  const block = (await findChain(store.db))?.headNumber ?? 0n;
  for (const taskId of taskIds) {
    const [row, task] = [await findTask(store.db, taskId), await hub.viewTask(taskId, { block })];
    if (task.status === 'unset') {
      expect(row).toBeUndefined();
      continue;
    }
    expect(row).toMatchObject({
      status: task.status.toUpperCase(),
      dealId: task.dealId,
      index: task.index,
      timeref: task.timeref,
      contributionDeadline: task.contributionDeadline,
      revealDeadline: task.revealDeadline,
      finalDeadline: task.finalDeadline,
      winnerCounter: Number(task.winnerCounter),
      revealCounter: Number(task.revealCounter),
      results: task.results === '0x' ? null : task.results,
    });
    expect(BigInt(row?.consensusValue ?? 0n)).toBe(BigInt(task.consensusValue));
    expect(BigInt(row?.resultDigest ?? 0n)).toBe(BigInt(task.resultDigest));
    const rows = await listContributions(store.db, [taskId]);
    expect(rows.map(({ worker }) => worker)).toEqual(task.contributors.map((worker) => worker.toLowerCase()));
    for (const { worker, status, resultHash } of rows) {
      const seen = await hub.viewContribution({ taskId, worker }, { block });
      expect({ status, resultHash }).toEqual({ status: seen.status.toUpperCase(), resultHash: seen.resultHash });
    }
  }
}

function ledgerProcess(url: string): { readonly child: ChildProcess; readonly leads: Promise<void> } {
  const script = fileURLToPath(new URL('./ledgerProcess.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, market.node.rpcUrl, market.chain.hubAddress], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const leads = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line === 'leading') return;
    await new Promise(() => {});
  })();
  return { child, leads };
}
