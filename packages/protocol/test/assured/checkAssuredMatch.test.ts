import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AssuredMatchView,
  type ClassView,
  checkAssuredMatch,
  declaredValue,
  encodeAssuredOffer,
  encodeRegime,
  escrowFor,
  leastSeatBond,
  maxSeats,
  requiredBond,
  SAMPLING_FLOOR,
  SAMPLING_UNIT,
  tagFromBits,
} from '../../src/index.ts';
import { anyAssuredRegime, anyTrust } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 20_000 : 300;
const ANYTHING = encodeAssuredOffer({ share: 'high', withoutHistory: true, batchExponent: 'any', valueExponent: 'any' });
const NANO = 1_000_000_000n;

/** Views on both sides of every limit. */
const anyView = (): fc.Arbitrary<AssuredMatchView> =>
  fc.record({
    requestTag: anyAssuredRegime().map(encodeRegime),
    workerpoolTag: fc.constant(ANYTHING),
    trust: anyTrust(),
    volume: fc.bigInt({ min: 1n, max: 5_000n }),
    prices: fc.record({
      app: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      dataset: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      workerpool: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    }),
    schedulerPercent: fc.bigInt({ min: 0n, max: 20n }),
    class: fc.record({
      seatBond: fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 10n }), fc.bigInt({ min: 1n, max: 10n ** 16n })),
      total: fc.oneof(fc.bigInt({ min: 0n, max: 10_000n }), fc.bigInt({ min: 0n, max: 2n ** 28n - 1n })),
      minTotal: fc.bigInt({ min: 0n, max: 5_000n }),
      largest: fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2n ** 28n - 1n })),
      busy: fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2n ** 28n })),
      priceFloor: fc.bigInt({ min: 0n, max: 10n ** 8n }),
      stepFee: fc.bigInt({ min: 0n, max: 10n ** 6n }),
      timeref: fc.bigInt({ min: 1n, max: 10n ** 6n }),
    }),
  });

/** A deal that is taken, and stays so with small changes. */
const GOOD: AssuredMatchView = {
  requestTag: encodeRegime({ regime: 'assured', share: 'standard', withoutHistory: false, batchExponent: 4, valueExponent: 2 }),
  workerpoolTag: ANYTHING,
  trust: 10_000,
  volume: 100n,
  prices: { app: 10n, dataset: 5n, workerpool: 1_000_000n },
  schedulerPercent: 10n,
  class: {
    seatBond: 2n * NANO,
    total: 1_000_000n,
    minTotal: 1_000n,
    largest: 5_000n,
    busy: 0n,
    priceFloor: 890_000n,
    stepFee: 50n,
    timeref: 300n,
  },
};
const withClass = (part: Partial<ClassView>): AssuredMatchView => ({ ...GOOD, class: { ...GOOD.class, ...part } });
const codesOf = (view: AssuredMatchView): readonly string[] => {
  const outcome = checkAssuredMatch(view);
  return 'plan' in outcome ? [] : outcome.refused.map(({ code }) => code);
};

describe('what a match of the assured regime refuses', () => {
  it('is every limit of the page, told from the plain inequalities, and nothing else', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyView(), anyAssuredRegime(), (given, regime) => {
        const view = { ...given, requestTag: encodeRegime(regime) };
        const { total, minTotal, largest, busy, seatBond, priceFloor } = view.class;
        const size = 2n ** BigInt(regime.batchExponent);
        const batches = (view.volume + size - 1n) / size;
        const pay = view.prices.workerpool * (view.volume < size ? view.volume : size);
        const seats = maxSeats(view.trust, regime.share);
        const { workerpool } = view.prices;
        const net = workerpool - (workerpool * view.schedulerPercent) / 100n - workerpool / 100n;
        const added = (2n * seatBond * batches + NANO - 1n) / NANO;
        const [honest, of] = regime.share === 'standard' ? [4n, 5n] : [13n, 20n];
        const gain = declaredValue(regime, pay) + pay;
        const expected = [
          ...(net < priceFloor ? ['price-below-floor'] : []),
          ...(total < minTotal ? ['class-too-small'] : []),
          ...(4n * (busy + added) > total ? ['class-busy'] : []),
          ...(4n * BigInt(seats) * largest > total ? ['operator-too-large'] : []),
          ...(seatBond < (BigInt(seats) + (regime.share === 'high' ? 120n : 32n)) * pay ? ['bond-below-dispute'] : []),
          // d = 1 − f̂ when every batch is checked: (S + gain)·honest/of ≥ gain.
          ...((seatBond + gain) * honest < gain * of ? ['value-not-backed'] : []),
        ];
        expect(codesOf(view)).toEqual(expected);
        for (const code of expected) seen.add(code);
        if (expected.length === 0) seen.add('taken');
      }),
      { numRuns },
    );
    expect(seen.size).toBeGreaterThanOrEqual(6);
  });

  it('is none of a good deal, which is made with what the other rules say', () => {
    const outcome = checkAssuredMatch(GOOD);
    if (!('plan' in outcome))
      throw new Error(JSON.stringify(outcome.refused, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
    const { plan } = outcome;
    const seats = maxSeats(10_000, 'standard');
    expect(plan).toMatchObject({ maxSeats: seats, batches: 7n, batchTasks: 16n, pay: 16_000_000n, busy: 28n });
    expect(plan.lock).toBe(escrowFor(GOOD.prices, { tasks: 100n, batches: 7n, seats, stepFee: 50n }));
    expect(plan.samplingRate).toBeGreaterThanOrEqual(SAMPLING_FLOOR);
  });

  it.each([
    ['price-below-floor', withClass({ priceFloor: 890_001n })],
    ['class-too-small', withClass({ minTotal: 1_000_001n })],
    ['class-busy', withClass({ busy: 250_000n - 27n })],
    ['operator-too-large', withClass({ largest: 22_728n })],
    ['bond-below-dispute', withClass({ seatBond: leastSeatBond({ pay: 16_000_000n, share: 'standard', maxSeats: 11 }) - 1n })],
    [
      'value-not-backed',
      {
        ...withClass({
          seatBond: requiredBond({ value: 16_000_000n << 15n, pay: 16_000_000n, share: 'standard', rate: SAMPLING_UNIT }) - 1n,
        }),
        requestTag: encodeRegime({ regime: 'assured', share: 'standard', withoutHistory: false, batchExponent: 4, valueExponent: 15 }),
      },
    ],
    ['not-assured', { ...GOOD, requestTag: tagFromBits(0n), workerpoolTag: tagFromBits(0n) }],
    ['regime-refused', { ...GOOD, requestTag: tagFromBits(0n) }],
    ['regime-refused', { ...GOOD, workerpoolTag: tagFromBits(1n << 16n) }],
    ['out-of-range', { ...GOOD, requestTag: 'zz' as never }],
    ['out-of-range', { ...GOOD, trust: 0.5 }],
    ['out-of-range', { ...GOOD, volume: 0n }],
    ['out-of-range', { ...GOOD, schedulerPercent: 21n }],
    ['out-of-range', { ...GOOD, prices: { ...GOOD.prices, app: 2n ** 96n } }],
    ['out-of-range', withClass({ seatBond: 0n })],
    ['out-of-range', withClass({ timeref: 0n })],
    ['out-of-range', withClass({ total: Number.NaN as never })],
  ] as const)('is named: %s', (code, view) => {
    expect(codesOf(view)).toEqual([code]);
  });

  it('is nothing one unit below each limit', () => {
    const least = leastSeatBond({ pay: 16_000_000n, share: 'standard', maxSeats: 11 });
    for (const part of [{ priceFloor: 890_000n }, { busy: 250_000n - 28n }, { largest: 22_727n }, { seatBond: least, total: 1_000_000n }])
      expect(codesOf(withClass(part))).toEqual([]);
  });
});
