import { type Client, createClient, getCategory, getDeal, getMarketMetrics, getOhlc, listCategories, listDeals } from '@gleaner/api';
import { createServer, type HttpServer, listen } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import { type Address, type Bytes32, type DealId, type OrderHash, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { tagFromBits } from '@gleaner/protocol';
import { addressOf } from '@gleaner/protocol/testing';
import { type CategoryRow, type DealRow, openStore, putCategories, putDeals, type Store } from '@gleaner/store';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerOrderbook } from '../src/index.ts';

const DEALS = 230;
const runs = process.env['GLEANER_DEEP'] ? 1000 : 60;
/** More than two pages of the smallest size. */
const CATEGORIES = 25;

let store: Store;
let server: HttpServer;
let client: Client;
let deals: readonly DealRow[];
const categories: readonly CategoryRow[] = Array.from({ length: CATEGORIES }, (_, index) => ({
  categoryId: BigInt(index),
  name: `class ${index}`,
  description: '',
  // not in the order of the ids
  timeref: BigInt(((index * 7) % CATEGORIES) * 60),
  createdBlock: 1n,
}));

beforeAll(async () => {
  store = await openStore({ memory: true });
  deals = fc
    .sample(anyDeal, { numRuns: DEALS, seed: 11 })
    .map((deal, index) => ({ ...deal, dealId: idOf<DealId>(index), logIndex: index }));
  await putCategories(store.db, categories);
  await putDeals(store.db, deals);
  server = await createServer({ name: 'activity' });
  const chain = createChain({ rpcUrl: 'http://127.0.0.1:9', hubAddress: ZERO_ADDRESS, retries: 0 });
  registerOrderbook(server, { chain, chainId: 1, store, log: pino({ level: 'silent' }) });
  client = createClient({ baseUrl: await listen(server) });
});
afterAll(async () => {
  await server?.close();
  await store?.close();
});

describe('deals', () => {
  test('are listed by any of their fields together, newest first, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, async (filter) => {
        const fits = (deal: DealRow) =>
          Object.entries(filter).every(([field, value]) => value === 'any' || deal[COLUMNS[field as Field]] === lowered(value));
        const expected = deals.filter(fits).sort(newestFirst);
        const listed: DealId[] = [];
        for (let pageIndex: number | undefined = 0; pageIndex !== undefined; ) {
          const page: Awaited<ReturnType<typeof listPage>> = await listPage({ ...filter, pageIndex });
          expect(page.count).toBe(expected.length);
          listed.push(...page.deals.map(({ dealid }) => dealid));
          pageIndex = page.nextPage;
        }
        expect(listed).toEqual(expected.map(({ dealId }) => dealId));
      }),
      { numRuns: runs },
    );
  });

  test('of one id say the same as in the list; an unknown one is not found', async () => {
    const [first] = (await listPage({})).deals;
    const { ok, ...found } = await client.call(getDeal, { params: { dealid: first?.dealid as DealId }, query: { chainId: 1 } });
    expect(ok).toBe(true);
    expect(found).toEqual(first);
    const unknown = client.call(getDeal, { params: { dealid: idOf<DealId>(9999) }, query: { chainId: 1 } });
    await expect(unknown).rejects.toMatchObject({ code: 'deal-not-found', details: { status: 404 } });
  });

  test('answer numbers as clients read them', async () => {
    const response = await fetch(`${server.listeningOrigin}/deals?chainId=1`);
    const { deals: listed } = (await response.json()) as { deals: Record<string, unknown>[] };
    for (const deal of listed) {
      for (const field of ['volume', 'category', 'trust', 'botFirst', 'botSize', 'startTime', 'blockNumber'])
        expect(Number.isSafeInteger(deal[field])).toBe(true);
      expect(deal['blockTimestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

test('candles: the hundred newest deals of a category, oldest first', async () => {
  for (const category of [0n, 1n]) {
    const { ohlc } = await client.call(getOhlc, { query: { chainId: 1, category } });
    const expected = deals
      .filter((deal) => deal.category === category)
      .sort(newestFirst)
      .slice(0, 100)
      .reverse();
    expect(ohlc).toEqual(expected.map(({ startTime, workerpoolPrice, botSize }) => [startTime, workerpoolPrice, botSize]));
  }
  expect((await client.call(getOhlc, { query: { chainId: 1, category: 0n } })).ohlc).toHaveLength(100);
  expect((await client.call(getOhlc, { query: { chainId: 1, category: 99n } })).ohlc).toEqual([]);
});

test('categories: between two time references, in the order of their ids, page by page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.option(fc.bigInt(0n, 1500n)), fc.option(fc.bigInt(0n, 1500n)), async (min, max) => {
      const bounds = { ...(min === null ? {} : { minWorkClockTimeRef: min }), ...(max === null ? {} : { maxWorkClockTimeRef: max }) };
      const expected = categories.filter(({ timeref }) => (min === null || timeref >= min) && (max === null || timeref <= max));
      const listed: bigint[] = [];
      for (let pageIndex: number | undefined = 0; pageIndex !== undefined; ) {
        const query = { chainId: 1, pageSize: 10, pageIndex, ...bounds };
        const page: { count: number; nextPage?: number | undefined; categories: { catid: bigint }[] } = await client.call(listCategories, {
          query,
        });
        expect(page.count).toBe(expected.length);
        listed.push(...page.categories.map(({ catid }) => catid));
        pageIndex = page.nextPage;
      }
      expect(listed).toEqual(expected.map(({ categoryId }) => categoryId));
    }),
    { numRuns: runs },
  );
  const found = await client.call(getCategory, { params: { catid: 3n }, query: { chainId: 1 } });
  expect(found).toMatchObject({ ok: true, catid: 3n, name: 'class 3', workClockTimeRef: 21n * 60n });
  const unknown = client.call(getCategory, { params: { catid: 25n }, query: { chainId: 1 } });
  await expect(unknown).rejects.toMatchObject({ code: 'not-found', details: { status: 404 } });
});

test('metrics answer before the first block is known', async () => {
  const none = { apporders: 0, datasetorders: 0, workerpoolorders: 0, requestorders: 0 };
  expect(await client.call(getMarketMetrics, {})).toEqual({ ok: true, lastBlock: 0n, checkpointBlock: 0n, ...none });
});

/** Field of the query → column of the record. */
const COLUMNS = {
  category: 'category',
  requester: 'requester',
  beneficiary: 'beneficiary',
  app: 'app',
  dataset: 'dataset',
  workerpool: 'workerpool',
  appOwner: 'appOwner',
  datasetOwner: 'datasetOwner',
  workerpoolOwner: 'workerpoolOwner',
  apporderHash: 'appHash',
  datasetorderHash: 'datasetHash',
  workerpoolorderHash: 'workerpoolHash',
  requestorderHash: 'requestHash',
} as const satisfies Readonly<Record<string, keyof DealRow>>;
type Field = keyof typeof COLUMNS;

const lowered = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const idOf = <T extends string>(number: number): T => tagFromBits(BigInt(number + 1)) as unknown as T;

/** Few different values, so that they meet. */
const [A, B] = [addressOf('a'), addressOf('b')];
const someone = fc.constantFrom(A, B);
/** As the ledger writes addresses. */
const stored = fc.constantFrom(...[A, B].map((address) => address.toLowerCase() as Address));
const someHash = fc.constantFrom(idOf<OrderHash>(1), idOf<OrderHash>(2));
const someCategory = fc.constantFrom(0n, 0n, 1n);

const PARTIES = ['requester', 'beneficiary', 'app', 'dataset', 'workerpool', 'appOwner', 'datasetOwner', 'workerpoolOwner'] as const;
type ByParty<T> = Record<(typeof PARTIES)[number], T>;
const each = <T>(value: T): ByParty<T> => Object.fromEntries(PARTIES.map((party) => [party, value])) as ByParty<T>;

const anyDeal = fc.noShrink(
  fc.record({
    ...each(stored),
    category: someCategory,
    dealId: fc.constant(idOf<DealId>(0)),
    blockNumber: fc.bigInt(1n, 20n),
    logIndex: fc.constant(0),
    blockTimestamp: fc.bigInt(1_700_000_000n, 1_700_000_100n),
    transactionHash: fc.constant(ZERO_BYTES32 as Bytes32),
    appPrice: fc.constant(1n),
    datasetPrice: fc.constant(0n),
    workerpoolPrice: fc.bigInt(0n, 1000n),
    trust: fc.constant(1n),
    tag: fc.constant(ZERO_BYTES32),
    callback: fc.constant(ZERO_ADDRESS),
    params: fc.constant('{}'),
    startTime: fc.bigInt(1_700_000_000n, 1_700_000_100n),
    botFirst: fc.constant(0n),
    botSize: fc.bigInt(1n, 5n),
    workerStake: fc.constant(0n),
    schedulerRewardRatio: fc.constant(1n),
    sponsor: stored,
    appHash: someHash,
    datasetHash: someHash,
    workerpoolHash: someHash,
    requestHash: someHash,
  }),
);

const oneOrAny = fc.oneof({ weight: 4, arbitrary: someone }, { weight: 1, arbitrary: fc.constant('any' as const) });
const hashes = { apporderHash: someHash, datasetorderHash: someHash, workerpoolorderHash: someHash, requestorderHash: someHash };
const anyFilter = fc.record({ category: someCategory, ...each(oneOrAny), ...hashes }, { requiredKeys: [] });

const newestFirst = (one: DealRow, other: DealRow): number => Number(other.blockNumber - one.blockNumber) || other.logIndex - one.logIndex;

function listPage(query: object) {
  return client.call(listDeals, { query: { chainId: 1, pageSize: 50, ...query } });
}
