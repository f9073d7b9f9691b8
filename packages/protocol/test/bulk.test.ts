import { type Address, isGleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BULK_RULES,
  BULK_VOLUME,
  type BulkOrderView,
  type BulkRule,
  bulkSliceOf,
  checkBulkOrder,
  type DatasetOrder,
  decodeBulkIndex,
  decodeBulkSlice,
  encodeSignedOrder,
  MAX_BULK_INDEX_BYTES,
  MAX_BULK_SLICE_BYTES,
  MAX_DATASETS_PER_TASK,
  type Signed,
  tagFromBits,
} from '../src/index.ts';
import { addressOf, anyAddress, anyDatasetOrder } from '../src/testing.ts';

const CID = 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH';
const SIGN = `0x${'5a'.repeat(65)}` as const;
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('an order of a bulk', () => {
  it('that breaks no rule passes, whoever it is restricted to, as long as that is a party of the deal or a group that holds it', () => {
    fc.assert(
      fc.property(anyBulk(), fc.boolean(), ({ order, view }, grouped) => {
        const { app, workerpool } = view.deal;
        const restricted = grouped
          ? { apprestrict: GROUP, workerpoolrestrict: GROUP, requesterrestrict: GROUP }
          : { apprestrict: app.pointer, workerpoolrestrict: workerpool.pointer, requesterrestrict: view.deal.requester };
        expect(checkBulkOrder(order, view)).toEqual([]);
        expect(checkBulkOrder({ ...order, ...restricted }, { ...view, groupAllows: (group) => group === GROUP })).toEqual([]);
      }),
    );
  });

  it.each(BULK_RULES)('is refused for %s, and for each of several rules that it breaks', (rule) => {
    fc.assert(
      fc.property(anyBulk(), fc.subarray([...BULK_RULES]), (bulk, others) => {
        expect(checkBulkOrder(...valuesOf(BREAK[rule](bulk)))).toEqual([rule]);
        const several = BULK_RULES.filter((one) => one === rule || others.includes(one));
        const broken = several.reduce((changed, one) => BREAK[one](changed), bulk);
        expect(checkBulkOrder(...valuesOf(broken))).toEqual(several);
      }),
      { numRuns: 30 },
    );
  });

  it('needs of the deal every tag bit of its own but those of the enclave frameworks', () => {
    fc.assert(
      fc.property(anyBulk(), fc.nat({ max: 4_095 }), fc.nat({ max: 4_095 }), ({ order, view }, own, offered) => {
        const broken = checkBulkOrder(
          { ...order, tag: tagFromBits(BigInt(own)) },
          { ...view, deal: { ...view.deal, tag: tagFromBits(BigInt(offered)) } },
        );
        expect(broken).toEqual((own & ~0x0e & ~offered) === 0 ? [] : ['tag-not-met']);
      }),
    );
  });
});

describe('the files of a bulk', () => {
  it('are read as prepareDatasetBulk writes them: the list, and orders with amounts as text or number', () => {
    fc.assert(
      fc.property(anySlice(), fc.nat({ max: 50 }), (orders, count) => {
        const wire = orders.map((order) => encodeSignedOrder('dataset', order));
        expect(decodeBulkSlice(text(wire))).toEqual(orders);
        const asText = wire.map((order) => ({ ...order, volume: `${order.volume}`, datasetprice: '0', unknown: {} }));
        expect(decodeBulkSlice(text(asText))).toEqual(orders);
        const index = decodeBulkIndex(text(Array.from({ length: count + 1 }, () => CID)));
        expect(bulkSliceOf(index, BigInt(count))).toBe(CID);
        expect(() => bulkSliceOf(index, BigInt(count + 1))).toThrow(refusal);
      }),
      { numRuns: 50 },
    );
  });

  it('of any other bytes are refused with bulk-invalid, never otherwise', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.jsonValue().map(text)), (bytes) => {
        for (const decode of [decodeBulkIndex, decodeBulkSlice]) {
          try {
            decode(bytes);
            expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(expect.arrayContaining([expect.anything()]));
          } catch (error) {
            expect(isGleanerError(error) && error.code).toBe('bulk-invalid');
          }
        }
      }),
    );
  });

  const [order] = fc.sample(anySlice(), { numRuns: 1, seed: 7 })[0] as readonly [Signed<DatasetOrder>];
  const wire = encodeSignedOrder('dataset', order);
  it.each<readonly [string, unknown]>([
    ['no list', {}],
    ['an empty list', []],
    ['lists within the list', [[CID]]],
    ['the list of slices in place of a slice', [CID]],
    ['a path in place of a content id', ['../../etc/passwd']],
    ['a data set twice', [wire, wire]],
    ['a data set twice, spelt otherwise', [wire, { ...wire, dataset: wire.dataset.toLowerCase() }]],
    ['one data set more than allowed', many(MAX_DATASETS_PER_TASK + 1)],
    ['an order without signature', [{ ...wire, sign: undefined }]],
    ['an endless signature', [{ ...wire, sign: `0x${'00'.repeat(4_097)}` }]],
    ['an order of another kind', [{ ...wire, dataset: undefined, app: wire.dataset }]],
    ['a volume beyond 2^256', [{ ...wire, volume: `1${'0'.repeat(78)}` }]],
    ['lists in lists without end', 'deep'],
    ['more bytes than are read', 'large'],
  ])('with %s are refused', (name, value) => {
    const bytes = value === 'deep' ? Buffer.from('['.repeat(500_000)) : value === 'large' ? Buffer.alloc(2 ** 20 + 1, ' ') : text(value);
    expect(() => decodeBulkSlice(bytes)).toThrow(refusal);
    if (!name.startsWith('the list of')) expect(() => decodeBulkIndex(bytes)).toThrow(refusal);
  });

  it('may be as large as allowed', () => {
    expect(decodeBulkSlice(text(many(MAX_DATASETS_PER_TASK)))).toHaveLength(MAX_DATASETS_PER_TASK);
    expect(text(many(MAX_DATASETS_PER_TASK)).length).toBeLessThan(MAX_BULK_SLICE_BYTES);
    const all = text(Array.from({ length: 10_000 }, () => CID));
    expect(decodeBulkIndex(all)).toHaveLength(10_000);
    expect(all.length).toBeLessThan(MAX_BULK_INDEX_BYTES);
    expect(() => decodeBulkIndex(text(Array.from({ length: 10_001 }, () => CID)))).toThrow(refusal);
  });

  function many(count: number) {
    return Array.from({ length: count }, (_, position) => ({ ...wire, dataset: addressOf(`bulk ${position}`) }));
  }
});

const refusal = expect.objectContaining({ code: 'bulk-invalid' });
const GROUP = addressOf('feed');

interface Bulk {
  readonly order: DatasetOrder;
  readonly view: BulkOrderView;
}

const valuesOf = ({ order, view }: Bulk) => [order, view] as const;

/** An order that allows its deal. */
function anyBulk(): fc.Arbitrary<Bulk> {
  const resource = anyAddress().map((pointer) => ({ pointer, owner: ZERO_ADDRESS, price: 0n }));
  const party = fc.record({ app: resource, workerpool: resource, requester: anyAddress() });
  return fc.record({ order: anyDatasetOrder(), party }).map(({ order, party: deal }) => ({
    order: { ...order, datasetprice: 0n, volume: BULK_VOLUME + (order.volume % 2n) },
    view: {
      deal: { ...deal, dataset: { pointer: ZERO_ADDRESS, owner: ZERO_ADDRESS, price: 0n }, tag: order.tag },
      isRegistered: true,
      isSigned: true,
      consumed: 0n,
      groupAllows: () => false,
    },
  }));
}

function anySlice(): fc.Arbitrary<readonly Signed<DatasetOrder>[]> {
  const orders = fc.uniqueArray(anyDatasetOrder(), { minLength: 1, maxLength: 4, selector: ({ dataset }) => dataset });
  return orders.map((drawn) => drawn.map((order) => ({ ...order, datasetprice: 0n, volume: BULK_VOLUME + 1n, sign: SIGN })));
}

const ofDeal = ({ order, view }: Bulk, change: Partial<BulkOrderView['deal']>): Bulk => ({
  order,
  view: { ...view, deal: { ...view.deal, ...change } },
});
const restrict = (field: 'apprestrict' | 'workerpoolrestrict' | 'requesterrestrict') => (bulk: Bulk) => ({
  ...bulk,
  order: { ...bulk.order, [field]: addressOf('dead') as Address },
});

/** Breaks one rule and no other. */
const BREAK: Readonly<Record<BulkRule, (bulk: Bulk) => Bulk>> = {
  'deal-has-dataset': (bulk) => ofDeal(bulk, { dataset: { pointer: addressOf('7'), owner: ZERO_ADDRESS, price: 0n } }),
  'not-registered': ({ order, view }) => ({ order, view: { ...view, isRegistered: false } }),
  'invalid-signature': ({ order, view }) => ({ order, view: { ...view, isSigned: false } }),
  'consumed-or-cancelled': ({ order, view }) => ({ order, view: { ...view, consumed: order.volume } }),
  'price-not-zero': ({ order, view }) => ({ order: { ...order, datasetprice: 1n }, view }),
  'volume-not-unlimited': ({ order, view }) => ({
    order: { ...order, volume: BULK_VOLUME - 1n },
    view: { ...view, consumed: view.consumed === 0n ? 0n : BULK_VOLUME },
  }),
  'app-restricted': restrict('apprestrict'),
  'workerpool-restricted': restrict('workerpoolrestrict'),
  'requester-restricted': restrict('requesterrestrict'),
  'tag-not-met': ({ order, view }) => ({
    order: { ...order, tag: tagFromBits(1n << 9n) },
    view: { ...view, deal: { ...view.deal, tag: tagFromBits(0n) } },
  }),
};
