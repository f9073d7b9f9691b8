import { type Bytes32, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import {
  type DealRow,
  deleteDeals,
  insertChain,
  listPoolTasksOfDeal,
  listReplicates,
  moveHead,
  offerReplicate,
  putCategories,
  putDeals,
  registerWorker,
  type Store,
} from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeUpDeals } from '../src/loops/takeUpDeals.ts';
import { type Pool, PoolSignals } from '../src/pool.ts';
import { aDeal, aWorker, WORKER, WORKERPOOL } from './rows.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
  await putCategories(store.db, [{ categoryId: 0n, name: 'XS', description: '', timeref: 300n, createdBlock: 1n }]);
});
afterAll(() => store?.close());

test('a deal that a reorganisation takes away and brings back keeps its replicates; one that stays away is dropped', async () => {
  const deal = aDeal();
  const first = taskId(deal.dealId, 0n);
  const { ledgerMoved, skip, stop } = await follow();
  await putDeals(store.db, [deal]);
  ledgerMoved();
  await expect.poll(async () => (await listPoolTasksOfDeal(store.db, deal.dealId)).length).toBe(2);
  await registerWorker(store.db, aWorker());
  expect(await offerReplicate(store.db, { taskId: first, worker: WORKER, generation: 0 })).toHaveProperty('offered');

  await rewind(deal);
  ledgerMoved();
  await settled();
  skip(30_000);
  await putDeals(store.db, [deal]);
  ledgerMoved();
  skip(60_000);
  ledgerMoved();
  await settled();
  expect(await listReplicates(store.db, [first])).toMatchObject([{ worker: WORKER, status: 'offered' }]);

  await rewind(deal);
  ledgerMoved();
  await settled();
  expect(await listPoolTasksOfDeal(store.db, deal.dealId)).toHaveLength(2);
  skip(61_000);
  ledgerMoved();
  await expect.poll(() => listPoolTasksOfDeal(store.db, deal.dealId)).toEqual([]);
  await stop();
});

/** The loop over a clock that the test moves. */
async function follow() {
  let listener = (): void => undefined;
  let nowMs = 1_000_000;
  const end = new AbortController();
  const pools = {
    adopt: async () => [],
    addresses: () => [WORKERPOOL],
    refresh: async () => [WORKERPOOL],
    refusalOf: async () => undefined,
  };
  const log = pino({ level: 'silent' });
  const pool = { workerpool: WORKERPOOL, pools, store, log, signals: new PoolSignals(), clock: { nowMs: () => nowMs } };
  const subscribe = (added: () => void) => {
    listener = added;
    return () => undefined;
  };
  const running = takeUpDeals(pool as unknown as Pool, subscribe, end.signal);
  return {
    ledgerMoved: () => listener(),
    skip: (ms: number) => {
      nowMs += ms;
    },
    stop: async () => {
      end.abort();
      await running;
    },
  };
}

let height = 1n;
const hashOf = (number: bigint): Bytes32 => `0x${number.toString(16).padStart(64, '0')}` as Bytes32;

/** What the ledger does when the block of a deal is not on the chain any more. */
async function rewind(deal: DealRow): Promise<void> {
  const head = { number: height, hash: hashOf(height), timestamp: 1_000n };
  await insertChain(store.db, { chainId: 1n, genesisHash: ZERO_BYTES32, hubAddress: ZERO_ADDRESS, head });
  height += 1n;
  await moveHead(store.db, { from: head.hash, to: { number: height, hash: hashOf(height), timestamp: 1_001n }, rewound: true });
  await deleteDeals(store.db, [deal.dealId]);
}

/** Longer than the loop's own pause. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1_500));
