import type { UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptanceThresholds,
  attemptAt,
  attemptDeadline,
  batchCount,
  batchDeadline,
  batchRange,
  disputeBond,
  disputeDeadline,
  divideSeatPay,
  escrowFor,
  graceDeadline,
  leastSeatBond,
  MAX_SCHEDULER_PERCENT,
  maxSeats,
  nextPriceFloor,
  openingDeadline,
  operatorCapacity,
  requiredBond,
  SAMPLING_FLOOR,
  SAMPLING_UNIT,
  samplingRate,
  seatsWithoutCredibility,
  silencePenalty,
  stepFees,
  unbondedAt,
  windowEnd,
} from '../../src/index.ts';
import { anyAmount, anyHostileShare, anyTrust } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 50_000 : 300;
const anyPrices = fc.record({ app: anyAmount(), dataset: anyAmount(), workerpool: anyAmount() });
const anyPercent = fc.bigInt({ min: 0n, max: 20n });
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('the price of a deal', () => {
  it('is locked in full: for every batch what that batch may cost, to the last unit', () => {
    fc.assert(
      fc.property(
        anyPrices,
        fc.bigInt({ min: 1n, max: 3_000n }),
        fc.integer({ min: 6, max: 10 }),
        anyTrust(),
        anyHostileShare(),
        anyAmount(),
        (prices, volume, exponent, trust, share, stepFee) => {
          const locked = maxSeats(trust, share);
          let lockedByBatch = 0n;
          for (let index = 0n; index < batchCount(volume, exponent); index += 1n) {
            const { size } = batchRange(volume, exponent, index);
            lockedByBatch += escrowFor(prices, { tasks: size, batches: 1n, seats: locked, stepFee });
          }
          const batches = batchCount(volume, exponent);
          const fees = stepFees({ stepFee, seats: locked, batches });
          expect(fees).toBe(batches * stepFee * BigInt(3 * locked + 6));
          expect(lockedByBatch).toBe(escrowFor(prices, { tasks: volume, batches, seats: locked, stepFee }));
          expect(lockedByBatch - fees).toBe(volume * (prices.app + prices.dataset + prices.workerpool * BigInt(locked)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('covers strangers of whom two attempts pass, up to a trust of a million', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), anyHostileShare(), (trust, share) => {
        expect(maxSeats(trust, share)).toBeGreaterThanOrEqual(acceptanceThresholds(trust, share, 2).length - 1);
        expect(maxSeats(trust, share)).toBeGreaterThan(seatsWithoutCredibility(trust, share));
      }),
    );
  });

  it('divides a seat without loss and without a negative part, and refuses a greedy scheduler', () => {
    fc.assert(
      fc.property(anyAmount(), anyPercent, (pay, schedulerPercent) => {
        const parts = Object.values(divideSeatPay(pay, schedulerPercent));
        expect(total(parts)).toBe(pay);
        expect(parts.every((part) => part >= 0n)).toBe(true);
      }),
      { numRuns },
    );
    expect(divideSeatPay(1_000n, 5n)).toEqual({ fund: 10n, scheduler: 50n, operator: 940n });
    expect(divideSeatPay(199n, 1n).operator).toBe(197n);
    expect(() => divideSeatPay(1n, MAX_SCHEDULER_PERCENT + 1n)).toThrow(/0 to 20 %.*21 %/);
  });

  it('takes no more for a silence than a seat pays, nor than the class says', () => {
    expect([5n, 9n].map((pay) => silencePenalty({ pay, constant: 7n }))).toEqual([5n, 7n]);
  });

  it('has a floor that follows the load by at most an eighth and never leaves the minimum', () => {
    const anyLoad = fc.record({
      floor: fc.bigInt({ min: 1n, max: 10n ** 15n }),
      busy: fc.bigInt({ min: 0n, max: 2n ** 28n }),
      total: fc.bigInt({ min: 8n, max: 2n ** 28n }),
      minimum: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    });
    fc.assert(
      fc.property(anyLoad, (load) => {
        const next = nextPriceFloor(load);
        const floor = load.floor > load.minimum ? load.floor : load.minimum;
        const most = load.floor / 8n > 1n ? load.floor / 8n : 1n;
        expect(next >= load.minimum).toBe(true);
        expect(next <= floor + most && next >= load.floor - most).toBe(true);
        const target = load.total / 8n;
        if (load.busy > target && load.floor >= load.minimum) expect(next > load.floor).toBe(true);
        if (load.busy <= target) expect(next <= floor).toBe(true);
      }),
      { numRuns },
    );
  });
});

describe('the bond for a seat', () => {
  it('is the least with which the sampling rate is enough', () => {
    const anyRate = fc.integer({ min: SAMPLING_FLOOR, max: SAMPLING_UNIT });
    fc.assert(
      fc.property(anyAmount(), anyAmount(), anyHostileShare(), anyRate, (value, pay, share, rate) => {
        const bond = requiredBond({ value, pay, share, rate });
        expect(samplingRate({ value, pay, bond, share })).toBeLessThanOrEqual(rate);
        if (bond > 0n && rate < SAMPLING_UNIT) expect(samplingRate({ value, pay, bond: bond - 1n, share })).toBeGreaterThan(rate);
      }),
      { numRuns },
    );
  });

  it('of a dispute is what the referees are expected to cost', () => {
    expect(disputeBond({ price: 3n, share: 'standard' })).toBe(96n);
    expect(disputeBond({ price: 3n, share: 'high' })).toBe(360n);
  });

  it('pays a dispute and one rerun', () => {
    expect(leastSeatBond({ pay: 3n, share: 'standard', maxSeats: 13 })).toBe(135n);
    expect(leastSeatBond({ pay: 3n, share: 'high', maxSeats: 26 })).toBe(438n);
  });

  it('backs as many seats as it holds whole seat bonds', () => {
    expect(operatorCapacity({ bond: 299n, seatBond: 100n })).toBe(2n);
  });
});

describe('the schedule', () => {
  const anyTime = fc.bigInt({ min: 1n, max: 4_000_000_000n }).map((time) => time as UnixSeconds);
  const anyTimeref = fc.bigInt({ min: 1n, max: 100_000n });

  it('gives every moment from the seed on to exactly one attempt', () => {
    fc.assert(
      fc.property(anyTime, anyTimeref, fc.bigInt({ min: 0n, max: 10_000_000n }), (seedAt, timeref, later) => {
        const now = (seedAt + (later % (65_536n * 2n * timeref))) as UnixSeconds;
        const attempt = attemptAt(seedAt, timeref, now) as number;
        expect(now < attemptDeadline(seedAt, timeref, attempt)).toBe(true);
        expect(attempt === 0 || now >= attemptDeadline(seedAt, timeref, attempt - 1)).toBe(true);
        expect(attemptAt(seedAt, timeref, (seedAt - 1n) as UnixSeconds)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('keeps bonds longer than anything they may be needed for: the window, a dispute at its end, and one more', () => {
    fc.assert(
      fc.property(anyTime, anyTimeref, (time, timeref) => {
        const disputed = disputeDeadline(windowEnd(time), timeref);
        expect(disputed - windowEnd(time)).toBe(13n * timeref);
        expect(windowEnd(time, disputed)).toBe(disputed + 86_400n);
        expect(windowEnd(time, time)).toBe(time + 14n * 86_400n);
        expect(unbondedAt(time, timeref)).toBe(time + 16n * 86_400n + 26n * timeref);
        expect(unbondedAt(time, timeref) > disputeDeadline(disputed, timeref)).toBe(true);
        expect(openingDeadline(time, timeref) - time >= 600n).toBe(true);
        expect(graceDeadline(time) - time).toBe(86_400n);
        expect(batchDeadline(time, timeref, 10) - time).toBe(48n * timeref);
      }),
    );
  });
});
