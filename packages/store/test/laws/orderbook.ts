import { type Address, type Bytes32, ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BookFilter,
  consumeChallenge,
  consumeChallenges,
  countOpenOrders,
  findChallenge,
  findChallenges,
  findOrder,
  issueChallenge,
  issueChallenges,
  killOpenOrders,
  listBook,
  listOpenOrders,
  type NewOrder,
  type OrderKind,
  publishOrder,
  publishOrders,
  type Store,
  setOrderStatus,
} from '../../src/index.ts';
import { anOrder, unique32, uniqueAddress } from '../values.ts';

const MANY = { maxOpen: 50 };
const PAGE = { skip: 0, limit: 1000 };

export function orderbookLaws(store: () => Store): void {
  test('an order is published once, and again after it died', async () => {
    const { db } = store();
    const order = anOrder({ signedOrder: { price: '1', text: '\0' } });
    expect(await publishOrder(db, order, MANY)).toBe('published');
    expect(await publishOrder(db, order, MANY)).toBe('already-published');
    expect(await findOrder(db, order.orderHash)).toMatchObject({
      status: 'open',
      remaining: 10n,
      publishedAt: order.publishedAt,
      signedOrder: { price: '1', text: '\uFFFD' },
    });
    await killOpenOrders(db, { orderHashes: [order.orderHash] });
    expect((await findOrder(db, order.orderHash))?.status).toBe('dead');
    expect(await publishOrder(db, order, MANY)).toBe('published');
    await setOrderStatus(db, { orderHash: order.orderHash, status: 'filled', remaining: 0n });
    expect(await publishOrder(db, order, MANY)).toBe('already-published');
  });

  test('a signer has at most so many open orders of a kind, also when they come at once', async () => {
    const { db } = store();
    const signer = uniqueAddress();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => publishOrder(db, anOrder({ signer }), { maxOpen: 4 })));
    expect(answers.filter((answer) => answer === 'published')).toHaveLength(4);
    expect(answers.filter((answer) => answer === 'too-many-open')).toHaveLength(2);
    expect(await countOpenOrders(db, 'app', signer)).toBe(4);
    expect(await countOpenOrders(db, 'dataset', signer)).toBe(0);
  });

  test('a status is set once', async () => {
    const { db } = store();
    const order = anOrder();
    await publishOrder(db, order, MANY);
    const change = { orderHash: order.orderHash, status: 'canceled', remaining: 0n } as const;
    expect(await setOrderStatus(db, change)).toMatchObject({ status: 'canceled' });
    expect(await setOrderStatus(db, change)).toBeUndefined();
  });

  test('orders are withdrawn by hash, the latest, or all', async () => {
    const { db } = store();
    const [signer, app] = [uniqueAddress(), uniqueAddress()];
    const orders = [0, 1, 2].map((second) => anOrder({ signer, app, publishedAt: new Date(second * 1000) }));
    for (const order of orders) await publishOrder(db, order, MANY);
    const selection = { kind: 'app', signer, app } as const;
    expect((await listOpenOrders(db, selection)).map(hashOf)).toEqual(orders.map(hashOf).reverse());
    expect((await killOpenOrders(db, selection, { latestOnly: true })).map(hashOf)).toEqual([hashOf(orders[2])]);
    expect((await killOpenOrders(db, selection)).map(hashOf).sort()).toEqual([hashOf(orders[0]), hashOf(orders[1])].sort());
    expect(await killOpenOrders(db, selection)).toEqual([]);
  });

  test('a book is what the reference filter and sort give', async () => {
    const { db } = store();
    await fc.assert(
      fc.asyncProperty(anyBook(), async ({ kind, orders, filter }) => {
        await db.deleteFrom('orderRecord').execute();
        for (const order of orders) await publishOrder(db, order, MANY);
        const expected = orders.filter((order) => fits(order, filter)).sort(kind === 'request' ? dearestFirst : cheapestFirst);
        const page = await listBook(db, kind, filter, PAGE);
        expect(page.orders.map(hashOf)).toEqual(expected.map(hashOf));
        expect(page.count).toBe(expected.length);
        const second = await listBook(db, kind, filter, { skip: 1, limit: 1 });
        expect(second.orders.map(hashOf)).toEqual(expected.slice(1, 2).map(hashOf));
      }),
      { numRuns: process.env['GLEANER_DEEP'] ? 500 : 25 },
    );
  });

  test('bulk data sets are free and endless', async () => {
    const { db } = store();
    const bulk = anOrder({ kind: 'dataset', volume: 2n ** 53n - 2n, price: 0n });
    const paid = anOrder({ kind: 'dataset', volume: 2n ** 53n, price: 1n });
    for (const order of [bulk, paid]) await publishOrder(db, order, MANY);
    expect((await listBook(db, 'dataset', { bulkOnly: true }, PAGE)).orders.map(hashOf)).toEqual([bulk.orderHash]);
  });

  test('a challenge is the same while it lives, and used once', async () => {
    const { db } = store();
    const key = { scope: 'market', address: uniqueAddress() };
    expect(await issueChallenge(db, { ...key, fresh: 'one', ttlMs: 60_000 })).toBe('one');
    expect(await issueChallenge(db, { ...key, fresh: 'two', ttlMs: 60_000 })).toBe('one');
    expect(await findChallenge(db, key)).toBe('one');
    expect(await consumeChallenge(db, { ...key, scope: 'other', challenge: 'one' })).toBe(false);
    const used = await Promise.all([1, 2, 3].map(() => consumeChallenge(db, { ...key, challenge: 'one' })));
    expect(used.filter(Boolean)).toHaveLength(1);
    await issueChallenge(db, { ...key, fresh: 'three', ttlMs: 0 });
    expect(await findChallenge(db, key)).toBeUndefined();
    expect(await issueChallenge(db, { ...key, fresh: 'four', ttlMs: 60_000 })).toBe('four');
  });

  test('challenges asked for together are those that each would get alone, in the order asked', async () => {
    const { db } = store();
    const [ann, bob] = [
      { scope: 'market', address: uniqueAddress() },
      { scope: 'market', address: uniqueAddress() },
    ];
    const fresh = [ann, bob, ann].map((key, index) => ({ ...key, fresh: `fresh ${index}`, ttlMs: 60_000 }));
    const [first, second, third] = await issueChallenges(db, fresh);
    expect([second, third]).toEqual(['fresh 1', first]);
    expect(await findChallenges(db, [bob, { ...bob, scope: 'other' }, ann])).toEqual([second, undefined, first]);
    const used = [ann, ann, bob].map((key, index) => ({ ...key, challenge: index < 2 ? (first as string) : 'another' }));
    expect(await consumeChallenges(db, used)).toEqual([true, false, false]);
    expect(await findChallenges(db, [ann, bob])).toEqual([undefined, second]);
  });

  test('orders published together are answered in the order given', async () => {
    const { db } = store();
    const signers = [uniqueAddress(), uniqueAddress()];
    const orders = [0, 1, 0, 1, 0].map((who) => anOrder({ signer: signers[who] as Address }));
    const twice = [...orders, orders[1] as NewOrder];
    expect(await publishOrders(db, twice, { maxOpen: 2 })).toEqual([
      'published',
      'published',
      'published',
      'published',
      'too-many-open',
      'already-published',
    ]);
  });
}

const hashOf = (order: { orderHash: string } | undefined): string | undefined => order?.orderHash;

const PEOPLE = [ZERO_ADDRESS, uniqueAddress(), uniqueAddress()] as const;

/** Few values each, so that filters hit and sort keys tie. */
function anyBook(): fc.Arbitrary<{ kind: OrderKind; orders: NewOrder[]; filter: BookFilter }> {
  return fc
    .constantFrom<OrderKind[]>('app', 'dataset', 'workerpool', 'request')
    .chain((kind) => fc.record({ kind: fc.constant(kind), orders: fc.array(anyOrder(kind), { maxLength: 8 }), filter: anyFilter(kind) }));
}

const anyTag = (): fc.Arbitrary<Bytes32> =>
  fc.constantFrom(0n, 1n, 9n, 0x100n, 2n ** 255n).map((tag) => `0x${tag.toString(16).padStart(64, '0')}` as Bytes32);

function anyOrder(kind: OrderKind): fc.Arbitrary<NewOrder> {
  const fields = {
    price: fc.constantFrom(0n, 1n, 2n ** 255n),
    remaining: fc.bigInt(1n, 3n),
    tag: anyTag(),
    publishedAt: fc.constantFrom(new Date(0), new Date(1)),
    app: fc.constantFrom(...PEOPLE),
    trust: fc.bigInt(1n, 3n),
    category: fc.bigInt(0n, 1n),
    appRestrict: fc.constantFrom(...PEOPLE),
    datasetRestrict: fc.constantFrom(...PEOPLE),
    workerpoolRestrict: fc.constantFrom(...PEOPLE),
    requesterRestrict: fc.constantFrom(...PEOPLE),
  };
  return fc.record(fields).map((order) => anOrder({ kind, ...order, orderHash: unique32() }));
}

const RESTRICTED = {
  app: ['datasetRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  dataset: ['appRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  workerpool: ['appRestrict', 'datasetRestrict', 'requesterRestrict'],
  request: ['workerpoolRestrict'],
} as const;

function anyFilter(kind: OrderKind): fc.Arbitrary<BookFilter> {
  const restriction = fc.oneof(fc.constant('any' as const), fc.record({ address: fc.constantFrom(...PEOPLE), strict: fc.boolean() }));
  const restrictions = Object.fromEntries(RESTRICTED[kind].map((field) => [field, restriction]));
  const fields = {
    app: fc.constantFrom(...PEOPLE, 'any' as const),
    category: fc.bigInt(0n, 1n),
    minTag: anyTag(),
    maxTag: anyTag(),
    minTrust: fc.bigInt(1n, 3n),
    maxTrust: fc.bigInt(1n, 3n),
    minVolume: fc.bigInt(1n, 3n),
  };
  return fc.record({ ...fields, ...restrictions }, { requiredKeys: [] });
}

function fits(order: NewOrder, filter: BookFilter): boolean {
  const restrictionsFit = RESTRICTED[order.kind].every((field) => {
    const asked = filter[field];
    if (asked === 'any') return true;
    if (!asked) return order[field] === ZERO_ADDRESS;
    return order[field] === asked.address || (!asked.strict && order[field] === ZERO_ADDRESS);
  });
  const tag = BigInt(order.tag);
  const minTag = BigInt(filter.minTag ?? 0n);
  return (
    restrictionsFit &&
    (filter.app === undefined || filter.app === 'any' || filter.app === order.app) &&
    (filter.category ?? order.category) === order.category &&
    (tag & minTag) === minTag &&
    (filter.maxTag === undefined || (tag | BigInt(filter.maxTag)) === BigInt(filter.maxTag)) &&
    (order.trust ?? 0n) >= (filter.minTrust ?? 0n) &&
    (order.trust ?? 0n) <= (filter.maxTrust ?? 9n) &&
    order.remaining >= (filter.minVolume ?? 0n)
  );
}

const cheapestFirst = (a: NewOrder, b: NewOrder): number => Number(a.price > b.price) - Number(a.price < b.price) || earliestFirst(a, b);
const dearestFirst = (a: NewOrder, b: NewOrder): number => Number(a.price < b.price) - Number(a.price > b.price) || earliestFirst(a, b);
const earliestFirst = (a: NewOrder, b: NewOrder): number =>
  a.publishedAt.getTime() - b.publishedAt.getTime() || Number(a.orderHash > b.orderHash) - Number(a.orderHash < b.orderHash);
