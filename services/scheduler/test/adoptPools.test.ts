import type { Address, Bytes32 } from '@gleaner/primitives';
import { formatTag } from '@gleaner/protocol';
import { putAssets, putDeals, putServedPool, type Store } from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PoolChain, PoolRights } from '../src/ports.ts';
import { ServedPools } from '../src/ServedPools.ts';
import { aDeal, WORKER, WORKERPOOL } from './rows.ts';

const STRANGE: Address = `0x${'c3'.repeat(20)}`;
const LIMIT = 1_000;

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
  await putAssets(store.db, [{ address: STRANGE, kind: 'workerpool', owner: WORKER, createdBlock: 1n, updatedBlock: 1n }]);
  await putDeals(store.db, [{ ...aDeal(), workerpool: STRANGE, tag: formatTag(['tee', 'tdx']) as Bytes32, trust: 1n }]);
});
afterAll(() => store?.close());

test('a scheduler that serves as many pools as it may leaves others alone, and adopts again once there is room', async () => {
  const others = Array.from({ length: LIMIT }, (_, index): Address => `0x${`${index}`.padStart(40, '0')}`);
  await store.db
    .insertInto('servedPool')
    .values(others.map((workerpool) => ({ workerpool, home: WORKERPOOL })))
    .execute();
  const pools = adoptingPools();
  await pools.adopt(0n);
  expect(await pools.refresh()).not.toContain(STRANGE);
  await expect(pools.add(STRANGE)).rejects.toMatchObject({ code: 'quota-exceeded', details: { limit: LIMIT } });
  await putServedPool(store.db, { workerpool: `0x${'1'.padStart(40, '0')}`, home: STRANGE, limit: LIMIT });
  await pools.adopt(0n);
  const served = (await pools.refresh()).map((pool) => pool.toLowerCase());
  expect(served).toContain(STRANGE);
  expect(served).toHaveLength(LIMIT + 1);
});

function adoptingPools(): ServedPools {
  const rights = { key: WORKER, over: async () => ({ kind: 'broker' }) } as unknown as PoolRights;
  return new ServedPools({ home: WORKERPOOL, store, homeChain: { owner: WORKERPOOL } as PoolChain, rights, adopts: true });
}
