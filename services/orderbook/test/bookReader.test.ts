import { type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME, type OrderKind, tagFromBits } from '@gleaner/protocol';
import { addressOf } from '@gleaner/protocol/testing';
import {
  findOrder,
  killOpenOrders,
  type NewOrder,
  type OrderStatus,
  openStore,
  publishOrder,
  type Store,
  settleOrder,
} from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBookReader } from '../src/adapters/bookReader.ts';
import type { BookFilter } from '../src/domain/bookFilter.ts';
import { listReferenceBook } from './referenceBook.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;
const PEOPLE = [ZERO_ADDRESS, addressOf('ann'), addressOf('bob')] as const;
const KINDS = ['app', 'dataset', 'workerpool', 'request'] as const;

describe.each(DEEP ? ['embedded', 'server'] : ['server'])('books read from memory, over the %s database', (place) => {
  let store: Store;
  beforeAll(async () => {
    store = place === 'server' ? await openTestStore() : await openStore({ memory: true });
  }, 60_000);
  afterAll(() => store?.close());

  test('are those of the database after every change, to readers that begin early and late', async () => {
    const early = createBookReader(store.db, (record) => record);
    const published: OrderHash[] = [];
    const laws = fc.asyncProperty(
      fc.array(anyChange(), { minLength: 1, maxLength: 6 }),
      anyFilter(),
      anyPage(),
      async (changes, filter, page) => {
        for (const change of changes) await make(store, published, change);
        const late = createBookReader(store.db, (record) => record);
        for (const kind of KINDS) {
          const expected = await listReferenceBook(store, kind, filter, page);
          expect(await early.list(kind, filter, page)).toEqual(expected);
          expect(await late.list(kind, filter, page)).toEqual(expected);
        }
      },
    );
    await fc.assert(laws, { numRuns: DEEP ? 300 : 25 });
  });

  test('see at once what was committed before they were asked, however many change it meanwhile', async () => {
    const reader = createBookReader(store.db, (record) => record);
    const all: BookFilter = { app: addressOf('busy'), datasetRestrict: 'any', workerpoolRestrict: 'any', requesterRestrict: 'any' };
    let done = 0;
    const writers = Array.from({ length: 40 }, async (_, index) => {
      const order = anOrder({ kind: 'app', app: addressOf('busy'), signer: addressOf(`writer ${index}`), salt: 1_000_000 + index });
      await publishOrder(store.db, order, { maxOpen: 50 });
      done += 1;
      const before = done;
      expect((await reader.list('app', all, { skip: 0, limit: 10 })).count).toBeGreaterThanOrEqual(before);
    });
    await Promise.all(writers);
    expect((await reader.list('app', all, { skip: 0, limit: 10 })).count).toBe(40);
  });

  test('are never older than what was committed before they were asked, however often they are asked meanwhile', async () => {
    const reader = createBookReader(store.db, (record) => record);
    const order = anOrder({ kind: 'app', app: addressOf('used'), volume: 100n, salt: 2_000_000 });
    await publishOrder(store.db, order, { maxOpen: 50 });
    let committed = order.volume;
    const ask = async (): Promise<void> => {
      const before = committed;
      const { orders } = await reader.list('app', { app: addressOf('used') }, { skip: 0, limit: 1 });
      expect(orders[0]?.remaining).toBeLessThanOrEqual(before);
    };
    const asked: Promise<void>[] = [];
    for (let remaining = 99n; remaining > 60n; remaining -= 1n) {
      asked.push(ask(), ask());
      await settle(store, order.orderHash, 'open', remaining);
      committed = remaining;
      asked.push(ask());
      if (remaining % 3n === 0n) await ask();
    }
    await Promise.all(asked);
  });
});

type Change =
  | { readonly name: 'publish'; readonly order: NewOrder }
  | { readonly name: 'kill' | 'fill' | 'use' | 'again'; readonly which: number };

const orders = new Map<OrderHash, NewOrder>();

async function make(store: Store, published: OrderHash[], change: Change): Promise<void> {
  const { db } = store;
  if (change.name === 'publish') {
    orders.set(change.order.orderHash, change.order);
    if ((await publishOrder(db, change.order, { maxOpen: 1_000 })) === 'published') published.push(change.order.orderHash);
    return;
  }
  const orderHash = published[change.which % Math.max(1, published.length)];
  if (orderHash === undefined) return;
  if (change.name === 'kill') await killOpenOrders(db, { orderHashes: [orderHash] });
  if (change.name === 'fill') await settle(store, orderHash, 'filled', 0n);
  if (change.name === 'use') await settle(store, orderHash, 'open', 1n);
  if (change.name === 'again')
    await publishOrder(db, { ...(orders.get(orderHash) as NewOrder), publishedAt: new Date(change.which) }, { maxOpen: 1_000 });
}

async function settle({ db }: Store, orderHash: OrderHash, status: OrderStatus, remaining: bigint): Promise<void> {
  const seen = await findOrder(db, orderHash);
  if (seen !== undefined) await settleOrder(db, seen, { status, remaining });
}

function anyChange(): fc.Arbitrary<Change> {
  const which = fc.nat({ max: 1_000 });
  const other = fc.record({ name: fc.constantFrom('kill' as const, 'fill' as const, 'use' as const, 'again' as const), which });
  return fc.oneof(
    { weight: 3, arbitrary: anyOrder().map((order) => ({ name: 'publish' as const, order })) },
    { weight: 1, arbitrary: other },
  );
}

function anyOrder(): fc.Arbitrary<NewOrder> {
  const who = fc.constantFrom(...PEOPLE);
  const fields = {
    kind: fc.constantFrom<OrderKind[]>(...KINDS),
    salt: fc.nat({ max: 2 ** 30 }),
    price: fc.constantFrom(0n, 1n, 2n ** 200n),
    volume: fc.constantFrom(1n, BULK_VOLUME - 1n, BULK_VOLUME),
    tagBits: fc.constantFrom(0n, 1n, 9n, 2n ** 255n),
    publishedAt: fc.constantFrom(new Date(0), new Date(1)),
    app: who,
    dataset: who,
    workerpool: who,
    requester: who,
    beneficiary: who,
    signer: who,
    trust: fc.bigInt(1n, 3n),
    category: fc.bigInt(0n, 1n),
    appRestrict: who,
    datasetRestrict: who,
    workerpoolRestrict: who,
    requesterRestrict: who,
  };
  return fc
    .record(fields, { requiredKeys: ['kind', 'salt', 'price', 'tagBits', 'volume', 'publishedAt'] })
    .map(({ tagBits, ...fields }) => anOrder({ ...fields, tag: tagFromBits(tagBits) }));
}

function anOrder({ salt, ...fields }: Partial<NewOrder> & { kind: OrderKind; salt: number }): NewOrder {
  return {
    orderHash: `0x${salt.toString(16).padStart(64, '0')}` as OrderHash,
    signedOrder: {},
    signer: ZERO_ADDRESS,
    remaining: fields.volume ?? 1n,
    publishedAt: new Date(0),
    volume: 1n,
    price: 0n,
    tag: tagFromBits(0n),
    appRestrict: ZERO_ADDRESS,
    datasetRestrict: ZERO_ADDRESS,
    workerpoolRestrict: ZERO_ADDRESS,
    requesterRestrict: ZERO_ADDRESS,
    ...fields,
  };
}

function anyFilter(): fc.Arbitrary<BookFilter> {
  const who = fc.constantFrom(...PEOPLE);
  const restriction = fc.oneof(fc.constant('any' as const), fc.record({ address: who, strict: fc.boolean() }));
  const fields = {
    category: fc.bigInt(0n, 1n),
    minTrust: fc.bigInt(1n, 3n),
    maxTrust: fc.bigInt(1n, 3n),
    minVolume: fc.bigInt(0n, 2n),
    minTag: fc.constantFrom(0n, 1n, 9n).map(tagFromBits),
    maxTag: fc.constantFrom(1n, 9n, 2n ** 256n - 1n).map(tagFromBits),
    bulkOnly: fc.boolean(),
    appRestrict: restriction,
    datasetRestrict: restriction,
    workerpoolRestrict: restriction,
    requesterRestrict: restriction,
  };
  const equality = fc.oneof(
    fc.record({ field: fc.constantFrom('app', 'dataset', 'workerpool', 'requester'), value: fc.oneof(who, fc.constant('any')) }),
    fc.record({ field: fc.constantFrom('beneficiary', 'signer'), value: who }),
  );
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.option(equality))
    .map(([filter, equal]) => (equal === null ? filter : { ...filter, [equal.field]: equal.value }));
}

const anyPage = () => fc.record({ skip: fc.nat({ max: 5 }), limit: fc.constantFrom(1, 3, 1_000) });
