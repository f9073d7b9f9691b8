import { type Client, createClient, listOrders } from '@gleaner/api';
import { createServer, type HttpServer, listen } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import { type Address, type Bytes32, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { type OrderKind, tagFromBits, tagIncludes } from '@gleaner/protocol';
import { addressOf } from '@gleaner/protocol/testing';
import type { Store } from '@gleaner/store';
import { openTestStore } from '@gleaner/testkit';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderStore } from '../src/adapters/orderStore.ts';
import { bookPrice, isBulk } from '../src/domain/orderTerms.ts';
import { registerOrderbook } from '../src/index.ts';
import type { PublishedOrder, SignedOffer } from '../src/ports.ts';
import { anyOffer } from '../src/testing/anyOffer.ts';

const ORDERS = 200;
const runs = process.env['GLEANER_DEEP'] ? 1000 : 60;
const KINDS = ['app', 'dataset', 'workerpool', 'request'] as const;

let store: Store;
let server: HttpServer;
let client: Client;
let url: string;
const published: PublishedOrder[] = [];

beforeAll(async () => {
  store = await openTestStore();
  const orders = createOrderStore(store.db, { maxOpen: ORDERS });
  for (const order of fc.sample(fc.noShrink(anyPublished), { numRuns: ORDERS, seed: 7 })) {
    if ((await orders.publish({ ...order, status: 'open' })) !== 'published') continue;
    await orders.settle({ ...order, status: 'open' }, order);
    published.push(order);
  }
  server = await createServer({ name: 'books' });
  const chain = createChain({ rpcUrl: 'http://127.0.0.1:9', hubAddress: ZERO_ADDRESS, retries: 0 });
  registerOrderbook(server, { chain, chainId: 1, store, log: pino({ level: 'silent' }) });
  url = await listen(server);
  client = createClient({ baseUrl: url });
});
afterAll(async () => {
  await server?.close();
  await store?.close();
});

describe('the book', () => {
  test.each(KINDS)('of %s orders lists exactly the open ones that pass every filter, in order, page by page', async (kind) => {
    await fc.assert(
      fc.asyncProperty(anyQuery(kind), async (query) => {
        const expected = published.filter((order) => order.offer.kind === kind && fits(order, query)).sort(byPriceThenTime);
        const listed = await listAll(kind, query);
        expect(listed.hashes).toEqual(expected.map(({ orderHash }) => orderHash));
        expect(listed.count).toBe(expected.length);
      }),
      { numRuns: runs },
    );
  });

  test.each(['app', 'dataset'])('of %s orders asks for the asset or its owner', async (kind) => {
    const response = await fetch(`${url}/${kind}orders?chainId=1`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ ok: false, error: `${kind} or ${kind}Owner is required (${kind}=any lists all)` });
  });

  test('answers numbers and times as clients read them', async () => {
    const response = await fetch(`${url}/workerpoolorders?chainId=1&app=any&dataset=any&requester=any`);
    const { orders } = (await response.json()) as { orders: Record<string, unknown>[] };
    for (const record of orders) {
      const order = record['order'] as Record<string, unknown>;
      for (const field of ['workerpoolprice', 'volume', 'category', 'trust']) expect(Number.isSafeInteger(order[field])).toBe(true);
      expect(record).toMatchObject({ chainId: 1, status: 'open', remaining: expect.any(Number) });
      expect(record['publicationTimestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

interface Query {
  readonly app?: Address | 'any';
  readonly dataset?: Address | 'any';
  readonly workerpool?: Address | 'any';
  readonly requester?: Address | 'any';
  readonly owner?: Address;
  readonly strict?: readonly string[];
  readonly minTag?: Bytes32;
  readonly maxTag?: Bytes32;
  readonly minVolume?: bigint;
  readonly category?: bigint;
  readonly minTrust?: bigint;
  readonly maxTrust?: bigint;
  readonly bulkOnly?: boolean;
}

/** The rules of the market API's book, said a second time. */
function fits({ offer, signer, status, remaining }: PublishedOrder, query: Query): boolean {
  const order = offer.order as unknown as Record<string, Address | undefined> & { tag: Bytes32; category: bigint; trust: bigint };
  const subject = offer.kind === 'request' ? (['app', 'dataset', 'requester'] as const) : ([offer.kind] as const);
  const equal = subject.every((field) => query[field] === undefined || query[field] === 'any' || query[field] === order[field]);
  const admitted = RESTRICTED[offer.kind].every((field) =>
    admits(order[offer.kind === 'request' ? field : `${field}restrict`], query[field], query.strict?.includes(field) ?? false),
  );
  return (
    status === 'open' &&
    equal &&
    admitted &&
    (query.owner === undefined || query.owner === signer) &&
    (query.minTag === undefined || tagIncludes(order.tag, query.minTag)) &&
    (query.maxTag === undefined || tagIncludes(query.maxTag, order.tag)) &&
    (query.minVolume === undefined || remaining >= query.minVolume) &&
    (query.category === undefined || order.category === query.category) &&
    (query.minTrust === undefined || order.trust >= query.minTrust) &&
    (query.maxTrust === undefined || order.trust <= query.maxTrust) &&
    (query.bulkOnly !== true || isBulk(offer))
  );
}

function admits(restriction: Address | undefined, who: Address | 'any' | undefined, strict: boolean): boolean {
  if (who === 'any') return true;
  if (who === undefined) return restriction === ZERO_ADDRESS;
  return restriction === who || (!strict && restriction === ZERO_ADDRESS);
}

const RESTRICTED = {
  app: ['dataset', 'workerpool', 'requester'],
  dataset: ['app', 'workerpool', 'requester'],
  workerpool: ['app', 'dataset', 'requester'],
  request: ['workerpool'],
} as const satisfies Record<OrderKind, readonly string[]>;

function byPriceThenTime(one: PublishedOrder, other: PublishedOrder): number {
  const byPrice = Number(bookPrice(one.offer) - bookPrice(other.offer)) * (one.offer.kind === 'request' ? -1 : 1);
  return byPrice || one.publishedAtMs - other.publishedAtMs || (one.orderHash < other.orderHash ? -1 : 1);
}

async function listAll(kind: OrderKind, { owner, strict = [], ...filters }: Query): Promise<{ hashes: OrderHash[]; count: number }> {
  const flags = strict.map((field) => [`is${field.charAt(0).toUpperCase()}${field.slice(1)}Strict`, true]);
  const query = {
    chainId: 1,
    pageSize: 10,
    ...filters,
    ...Object.fromEntries(flags),
    ...(owner === undefined ? {} : { [`${kind}Owner`]: owner }),
  };
  const hashes: OrderHash[] = [];
  for (let pageIndex = 0; ; ) {
    const { orders, count, nextPage } = await client.call(listOrders[kind as 'app'], { query: { ...query, pageIndex } as never });
    hashes.push(...orders.map(({ orderHash }) => orderHash));
    if (nextPage === undefined) return { hashes, count };
    pageIndex = nextPage;
  }
}

/** Few different addresses, prices, times and tags, so that they meet. */
const someone = fc.constantFrom(ZERO_ADDRESS, addressOf('a'), addressOf('b'));
const someTag = fc.bigInt(0n, 7n).map(tagFromBits);
const somePrice = fc.bigInt(0n, 3n);
const anyPublished: fc.Arbitrary<PublishedOrder> = fc
  .record({
    offer: anyOffer,
    orderHash: fc.bigInt(0n, 2n ** 255n).map((n) => tagFromBits(n) as unknown as OrderHash),
    signer: fc.constantFrom(addressOf('owner'), addressOf('other owner')),
    status: fc.constantFrom('open', 'open', 'open', 'filled', 'canceled', 'dead'),
    remaining: fc.bigInt(1n, 5n),
    publishedAtMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_004 }),
    fields: fc.record({
      app: someone,
      dataset: someone,
      workerpool: someone,
      requester: someone,
      apprestrict: someone,
      datasetrestrict: someone,
      workerpoolrestrict: someone,
      requesterrestrict: someone,
      tag: someTag,
      appprice: somePrice,
      datasetprice: somePrice,
      workerpoolprice: somePrice,
      workerpoolmaxprice: somePrice,
      category: fc.bigInt(0n, 2n),
      trust: fc.bigInt(0n, 4n),
      volume: fc.constantFrom(5n, 2n ** 53n - 2n, 2n ** 53n - 1n),
      sign: fc.constant('0x' as const),
    }),
  })
  .map(({ fields, offer, ...rest }) => ({ ...rest, offer: { kind: offer.kind, order: pickKnown(offer.order, fields) } as SignedOffer }));

function pickKnown(order: object, fields: object): object {
  const known = Object.entries(fields).filter(([field]) => field in order || field === 'sign');
  return { ...order, ...Object.fromEntries(known) };
}

function anyQuery(kind: OrderKind): fc.Arbitrary<Query> {
  const who = fc.oneof(fc.constant('any' as const), someone);
  const subject = kind === 'app' || kind === 'dataset' ? { [kind]: who } : {};
  const optional: Record<string, fc.Arbitrary<unknown>> = {
    app: who,
    dataset: who,
    workerpool: who,
    requester: who,
    strict: fc.subarray([...RESTRICTED[kind]]),
    minTag: someTag,
    maxTag: someTag,
    minVolume: fc.bigInt(0n, 6n),
    ...(kind === 'request' ? { maxTrust: fc.bigInt(0n, 4n) } : { owner: fc.constantFrom(addressOf('owner'), addressOf('other owner')) }),
    ...(kind === 'workerpool' ? { minTrust: fc.bigInt(0n, 4n) } : {}),
    ...(kind === 'workerpool' || kind === 'request' ? { category: fc.bigInt(0n, 2n) } : {}),
    ...(kind === 'dataset' ? { bulkOnly: fc.boolean() } : {}),
  };
  return fc.tuple(fc.record(optional, { requiredKeys: [] }), fc.record(subject)).map(([some, needed]) => ({ ...some, ...needed }) as Query);
}
