import type { Address, Bytes32, DealId } from '@gleaner/primitives';
import { ENCLAVE_TAG, tagFromBits } from '@gleaner/protocol';
import { type DealRow, putAssets, putDeals, putServedPool, type Store } from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SigningRight } from '../src/domain/signingRight.ts';
import type { PoolChain, PoolRights } from '../src/ports.ts';
import { ServedPools } from '../src/ServedPools.ts';
import { aDeal, WORKER, WORKERPOOL } from './rows.ts';

const TOTAL = 1_000;
const ADOPTED = 20;
const ASKED = 100;
const BROKER: SigningRight = { kind: 'broker' };

let store: Store;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store?.close());

test('one stranger gets some places unasked, some more for the asking, and leaves the rest to others', async () => {
  const [stranger, other] = [addressOf(1), addressOf(2)];
  const pools = adoptingPools();
  const theirs = Array.from({ length: ADOPTED + 5 }, (_, index) => addressOf(100 + index));
  await putDeals(store.db, [...theirs.map((workerpool) => anEnclaveDeal(workerpool, stranger)), anEnclaveDeal(addressOf(3), other)]);
  const left = await pools.adopt(0n);
  expect(left).toHaveLength(5);
  expect(left[0]).toMatchObject({ code: 'quota-exceeded', details: { owner: stranger, limit: ADOPTED } });
  expect(left[0]?.message).toContain('gleaner workerpool serve');
  expect(await pools.adopt(0n)).toEqual([]);
  const served = await pools.refresh();
  expect(served).toHaveLength(1 + ADOPTED + 1);
  expect(lower(served)).toContain(addressOf(3));
  const refused = theirs.find((workerpool) => !lower(served).includes(workerpool)) as Address;
  await own(refused, stranger);
  expect(await pools.dealsOf(refused)).toBeUndefined();

  for (let index = 0; index < ASKED - ADOPTED; index += 1) await pools.add(addressOf(500 + index), stranger, BROKER);
  const beyond = pools.add(refused, stranger, BROKER);
  await expect(beyond).rejects.toMatchObject({ code: 'quota-exceeded', details: { owner: stranger, limit: ASKED } });
  await pools.add(addressOf(4), other, BROKER);
  for (let index = 0; index <= ASKED; index += 1) await pools.add(addressOf(700 + index), WORKER, { kind: 'owner' });
});

test('whoever signed the deal is charged: a pool that is given away takes no place of its new owner, and frees none', async () => {
  const [stranger, victim] = [addressOf(1), addressOf(2)];
  const pools = adoptingPools();
  const given = Array.from({ length: ADOPTED }, (_, index) => addressOf(100 + index));
  await putDeals(
    store.db,
    given.map((workerpool) => anEnclaveDeal(workerpool, stranger)),
  );
  for (const workerpool of given) await own(workerpool, victim);
  expect(await pools.adopt(0n)).toEqual([]);
  await putDeals(store.db, [anEnclaveDeal(addressOf(3), stranger), anEnclaveDeal(addressOf(4), victim)]);
  expect(await pools.adopt(0n)).toMatchObject([{ details: { workerpool: addressOf(3) } }]);
  expect(lower(await pools.refresh())).toContain(addressOf(4));
});

test('a scheduler that serves as many pools as it may leaves others alone, and adopts again once there is room', async () => {
  const [strange, owner] = [addressOf(1), addressOf(2)];
  await own(strange, owner);
  await putDeals(store.db, [anEnclaveDeal(strange, owner)]);
  const others = Array.from({ length: TOTAL }, (_, index) => addressOf(1_000 + index));
  await store.db
    .insertInto('servedPool')
    .values(others.map((workerpool) => ({ workerpool, home: WORKERPOOL.toLowerCase() as Address, owner: null })))
    .execute();
  const pools = adoptingPools();
  expect(await pools.adopt(0n)).toMatchObject([{ code: 'quota-exceeded', details: { workerpool: strange, limit: TOTAL } }]);
  expect(await pools.dealsOf(strange)).toBeUndefined();
  await expect(pools.add(strange, owner, BROKER)).rejects.toMatchObject({ code: 'quota-exceeded', details: { limit: TOTAL } });
  await putServedPool(store.db, { workerpool: others[0] as Address, home: strange, owner }, { total: TOTAL, perOwner: TOTAL });
  expect(await pools.dealsOf(strange)).toBe('enclaves');
  await pools.adopt(0n);
  expect(lower(await pools.refresh())).toContain(strange);
});

test('adopted is what can be served: any deal of an owner it signs for, those that one enclave ends of everybody else', async () => {
  const [mine, strange] = [addressOf(1), addressOf(2)];
  const pools = adoptingPools(async (owner) => (lower([owner])[0] === mine ? { kind: 'operator', operator: mine } : BROKER));
  const plain = tagFromBits(8n);
  await putDeals(store.db, [
    { ...anEnclaveDeal(addressOf(10), mine), tag: plain, trust: 9n },
    { ...anEnclaveDeal(addressOf(11), strange), tag: plain },
    { ...anEnclaveDeal(addressOf(12), strange), trust: 2n },
    { ...anEnclaveDeal(addressOf(13), strange), trust: 0n },
  ]);
  await pools.adopt(0n);
  expect(
    lower(await pools.refresh())
      .slice(1)
      .sort(),
  ).toEqual([addressOf(10), addressOf(13)]);
});

test('which deals are served follows the owner: all, those of enclaves, none', async () => {
  const [served, mine, strange, gone] = [addressOf(1), addressOf(2), addressOf(3), addressOf(4)];
  const rights = new Map<string, SigningRight>([
    [mine, { kind: 'operator', operator: mine }],
    [strange, BROKER],
  ]);
  const pools = adoptingPools(async (owner) => rights.get(owner.toLowerCase()));
  await pools.add(served, mine, { kind: 'operator', operator: mine });
  expect(await pools.dealsOf(served)).toBe('all');
  for (const [owner, deals] of [
    [mine, 'all'],
    [strange, 'enclaves'],
    [gone, 'none'],
  ] as const) {
    await own(served, owner);
    expect(await pools.dealsOf(served)).toBe(deals);
  }
  await own(WORKERPOOL, strange);
  expect(await pools.dealsOf(WORKERPOOL)).toBe('enclaves');
  expect(await pools.dealsOf(addressOf(5))).toBeUndefined();
  await own(addressOf(5), strange);
  expect(await pools.dealsOf(addressOf(5))).toBe('enclaves');
});

function adoptingPools(over: PoolRights['over'] = async () => BROKER): ServedPools {
  const rights = { key: WORKER, over } as unknown as PoolRights;
  return new ServedPools({ home: WORKERPOOL, store, homeChain: { owner: WORKERPOOL } as PoolChain, rights, adopts: true });
}

const addressOf = (number: number): Address => `0x${`${number}`.padStart(40, '0')}`;
const lower = (addresses: readonly Address[]) => addresses.map((address) => address.toLowerCase());

let deals = 0;
function anEnclaveDeal(workerpool: Address, workerpoolOwner: Address): DealRow {
  deals += 1;
  const dealId = `0x${`${deals}`.padStart(64, '0')}` as DealId;
  return { ...aDeal(), dealId, logIndex: deals, workerpool, workerpoolOwner, tag: ENCLAVE_TAG as Bytes32, trust: 1n };
}

async function own(workerpool: Address, owner: Address): Promise<void> {
  deals += 1;
  await putAssets(store.db, [{ address: workerpool, kind: 'workerpool', owner, createdBlock: 1n, updatedBlock: BigInt(deals) }]);
}
