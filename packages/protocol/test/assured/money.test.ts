import type { UnixSeconds } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptanceThresholds,
  batchCount,
  batchDeadline,
  batchRange,
  chargeBatch,
  divideSeatPay,
  escrowFor,
  graceDeadline,
  maxSeats,
  openingDeadline,
  operatorCapacity,
  requiredBond,
  SAMPLING_FLOOR,
  SAMPLING_UNIT,
  samplingRate,
  seatDeadline,
  seatSlot,
  seatsWithoutCredibility,
  splitSlash,
  UNBONDING,
  unbondedAt,
  windowEnd,
} from '../../src/index.ts';
import { anyAmount, anyHostileShare, anyTrust } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 50_000 : 300;
const anyPrices = fc.record({ app: anyAmount(), dataset: anyAmount(), workerpool: anyAmount() });
const anyPercent = fc.bigInt({ min: 0n, max: 100n });
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('the price of a deal', () => {
  it('is locked in full, and every batch spends or returns its part to the last unit', () => {
    fc.assert(
      fc.property(
        anyPrices,
        fc.bigInt({ min: 1n, max: 3_000n }),
        fc.integer({ min: 6, max: 10 }),
        anyTrust(),
        anyHostileShare(),
        fc.nat(),
        (prices, volume, exponent, trust, share, used) => {
          const locked = maxSeats(trust, share);
          let spent = 0n;
          for (let index = 0n; index < batchCount(volume, exponent); index += 1n) {
            const { size } = batchRange(volume, exponent, index);
            const seats = used % (locked + 1);
            const { app, dataset, seat, refund } = chargeBatch(prices, size, { seats, locked });
            expect(refund).toBeGreaterThanOrEqual(0n);
            spent += app + dataset + seat * BigInt(seats) + refund;
          }
          expect(spent).toBe(escrowFor(prices, volume, locked));
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

  it('divides a seat without loss and without a negative part', () => {
    fc.assert(
      fc.property(anyAmount(), anyPercent, anyAmount(), (pay, schedulerPercent, carrierFees) => {
        const parts = Object.values(divideSeatPay(pay, { schedulerPercent, carrierFees }));
        expect(total(parts)).toBe(pay);
        expect(parts.every((part) => part >= 0n)).toBe(true);
      }),
      { numRuns },
    );
    expect(divideSeatPay(1_000n, { schedulerPercent: 5n, carrierFees: 30n })).toEqual({
      fund: 10n,
      scheduler: 50n,
      carriers: 30n,
      operator: 910n,
    });
    expect(divideSeatPay(199n, { schedulerPercent: 1n, carrierFees: 0n }).operator).toBe(197n);
  });
});

describe('a forfeited bond', () => {
  it('is divided without loss: nobody gets more than asked, nobody before those ahead are satisfied', () => {
    fc.assert(
      fc.property(anyAmount(), anyAmount(), anyAmount(), fc.array(anyAmount(), { maxLength: 5 }), (bond, dispute, disputer, requesters) => {
        const split = splitSlash(bond, { dispute, disputer, requesters });
        const parts = [split.dispute, split.disputer, ...split.requesters];
        const claims = [dispute, disputer, ...requesters];
        expect(total(parts) + split.burned).toBe(bond);
        for (const [at, part] of parts.entries()) {
          expect(part >= 0n && part <= (claims[at] as bigint)).toBe(true);
          if (part < (claims[at] as bigint)) expect(total(parts.slice(at + 1)) + split.burned).toBe(0n);
        }
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

  it('backs as many seats as it holds whole seat bonds', () => {
    expect(operatorCapacity({ bond: 299n, seatBond: 100n })).toBe(2n);
  });
});

describe('the schedule', () => {
  const anyTime = fc.bigInt({ min: 0n, max: 4_000_000_000n }).map((time) => time as UnixSeconds);
  const anyTimeref = fc.bigInt({ min: 1n, max: 100_000n });

  it('gives every moment from the seed on to exactly one candidate', () => {
    fc.assert(
      fc.property(anyTime, anyTimeref, fc.bigInt({ min: 0n, max: 10_000_000n }), (seedAt, timeref, later) => {
        const now = (seedAt + later) as UnixSeconds;
        const slot = seatSlot(seedAt, timeref, now) as number;
        expect(now < seatDeadline(seedAt, timeref, slot)).toBe(true);
        expect(slot === 0 || now >= seatDeadline(seedAt, timeref, slot - 1)).toBe(true);
        expect(seatSlot(seedAt, timeref, (seedAt - 1n) as UnixSeconds)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('keeps bonds longer than anything they may be needed for', () => {
    fc.assert(
      fc.property(anyTime, anyTimeref, (time, timeref) => {
        expect(unbondedAt(time)).toBe(time + UNBONDING);
        expect(unbondedAt(time) > windowEnd(time)).toBe(true);
        expect(openingDeadline(time, timeref) - time >= 600n).toBe(true);
        expect(graceDeadline(time) - time).toBe(86_400n);
        expect(batchDeadline(time, timeref, 10) - time).toBe(48n * timeref);
      }),
    );
  });
});
