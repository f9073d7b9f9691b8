import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptanceThresholds,
  type HostileShare,
  isEnough,
  MAX_CREDIBILITY,
  MAX_PASSED,
  maxSeats,
  seatsWithoutCredibility,
} from '../../src/index.ts';
import { anyHostileShare, anyTrust } from '../../src/testing.ts';

const numRuns = process.env['GLEANER_DEEP'] ? 20_000 : 120;
const anySeats = fc.integer({ min: 0, max: 40 });
/** Mostly few: what a batch meets; sometimes as many as there can be. */
const anyPassed = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: MAX_PASSED }) },
);
/** Sums of credibility of all sizes, not only the largest. */
const anyCredibility = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: MAX_CREDIBILITY }))
  .map(([seats, units]) => Math.floor((seats * MAX_CREDIBILITY) / 2 ** (units % 45)) + (units % 3));

const ODDS = { standard: [4n, 1n], high: [13n, 7n] } as const;
const CHECK = 4_096n;

const FACTORIALS = [1n];
for (let n = 1n; n < MAX_PASSED + 1_200; n += 1n) FACTORIALS.push((FACTORIALS.at(-1) as bigint) * n);

/** Ways to choose k of n: n! / (k! · (n − k)!). */
function choose(n: number, k: number): bigint {
  const [all, chosen, left] = [n, k, n - k].map((at) => FACTORIALS[at]) as [bigint, bigint, bigint];
  return all / (chosen * left);
}

/** G^n · max(1, 2.718281 · K) ≥ t · C(n − 1 + k, k) over the rationals. */
function isEnoughExactly(trust: number, share: HostileShare, passed: number, seats: number, units: number): boolean {
  const [honest, hostile] = ODDS[share];
  const one = CHECK * 1_000_000n;
  const evidence = BigInt(units) * 2_718_281n;
  const asked = BigInt(trust) * hostile ** BigInt(seats) * choose(seats - 1 + passed, passed);
  return honest ** BigInt(seats) * (evidence > one ? evidence : one) >= asked * one;
}

describe('the acceptance rule', () => {
  it('equals the exact rational test, at every threshold and around it too', () => {
    fc.assert(
      fc.property(
        anyTrust(),
        anyHostileShare(),
        anyPassed,
        fc.integer({ min: 1, max: 40 }),
        anyCredibility,
        (trust, share, passed, seats, units) => {
          const thresholds = acceptanceThresholds(trust, share, passed);
          const at = thresholds[seats] ?? 0;
          const around = Number.isFinite(at) ? [at, Math.max(0, at - 1), at + 1] : [];
          for (const credibility of [units, ...around]) {
            expect(isEnough(thresholds, seats, credibility)).toBe(isEnoughExactly(trust, share, passed, seats, credibility));
          }
        },
      ),
      { numRuns },
    );
  });

  it('never refuses with more credibility, nor accepts more when more trust is asked or more attempts have passed', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyTrust(), anyTrust()),
        anyHostileShare(),
        fc.tuple(anyPassed, anyPassed),
        anySeats,
        anyCredibility,
        (trusts, share, passed, seats, units) => {
          const asked = acceptanceThresholds(Math.min(...trusts), share, Math.min(...passed));
          const more = acceptanceThresholds(Math.max(...trusts), share, Math.max(...passed));
          if (isEnough(more, seats, units)) expect(isEnough(asked, seats, units)).toBe(true);
          if (isEnough(asked, seats, units)) expect(isEnough(asked, seats, units + 1)).toBe(true);
        },
      ),
      { numRuns },
    );
  });

  it('asks with passed attempts for at least as much as without, and for just as much of a single seat', () => {
    fc.assert(
      fc.property(anyTrust(), anyHostileShare(), anyPassed, (trust, share, passed) => {
        const without = acceptanceThresholds(trust, share);
        const thresholds = acceptanceThresholds(trust, share, passed);
        expect(thresholds.length).toBeGreaterThanOrEqual(without.length);
        for (const [seats, least] of thresholds.entries()) expect(least).toBeGreaterThanOrEqual(without[seats] ?? 0);
        expect(thresholds[1]).toBe(without[1]);
      }),
      { numRuns },
    );
  });

  it('never refuses with more seats when no attempt has passed', () => {
    fc.assert(
      fc.property(anyTrust(), anyHostileShare(), anySeats, anyCredibility, (trust, share, seats, units) => {
        const thresholds = acceptanceThresholds(trust, share);
        if (isEnough(thresholds, seats, units)) expect(isEnough(thresholds, seats + 1, units)).toBe(true);
      }),
      { numRuns },
    );
    // With passed attempts it may: the first seat is nobody's choice, but one of eleven draws for the second one is: 4^2 < 2 · 11.
    const chosen = acceptanceThresholds(2, 'standard', 10);
    expect([1, 2, 3].map((seats) => isEnough(chosen, seats, 0))).toEqual([true, false, false]);
  });

  it('never asks more at the standard share than at the high one', () => {
    fc.assert(
      fc.property(anyTrust(), anyPassed, anySeats, anyCredibility, (trust, passed, seats, units) => {
        if (!isEnough(acceptanceThresholds(trust, 'high', passed), seats, units)) return;
        expect(isEnough(acceptanceThresholds(trust, 'standard', passed), seats, units)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('has tables that end where all beyond is enough, and never accepts without a seat', () => {
    fc.assert(
      fc.property(anyTrust(), anyHostileShare(), anyPassed, (trust, share, passed) => {
        const thresholds = acceptanceThresholds(trust, share, passed);
        const last = thresholds.length - 1;
        expect(thresholds[last]).toBe(0);
        for (let seats = last; seats < last + 8; seats += 1) expect(isEnoughExactly(trust, share, passed, seats, 0)).toBe(true);
        if (passed === 0) expect(thresholds.indexOf(0)).toBe(seatsWithoutCredibility(trust, share));
        expect(thresholds.every((least) => least === Number.POSITIVE_INFINITY || (Number.isSafeInteger(least) && least <= 2 ** 38))).toBe(
          true,
        );
        for (const sum of [0, Number.MAX_SAFE_INTEGER]) expect(isEnough(thresholds, 0, sum)).toBe(false);
      }),
      { numRuns: numRuns / 5 },
    );
  });

  it('takes 10 strangers for a trust of a million, 23 at the high share; a deal locks money for more', () => {
    expect(seatsWithoutCredibility(1_000_000, 'standard')).toBe(10);
    expect(seatsWithoutCredibility(1_000_000, 'high')).toBe(23);
    expect(seatsWithoutCredibility(1_000_000_000, 'high')).toBe(34);
    expect([maxSeats(1, 'standard'), maxSeats(1_000_000, 'standard'), maxSeats(1_000_000_000, 'high')]).toEqual([5, 14, 45]);
    expect(acceptanceThresholds(1, 'standard')).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('lets one seat be enough for a trust of a million after 91 970 checks', () => {
    const [, one] = acceptanceThresholds(1_000_000, 'standard') as [number, number];
    expect([Math.ceil(one / Number(CHECK)), one < MAX_CREDIBILITY]).toEqual([91_970, true]);
  });

  it('errs by less than 3.1e-7 and one unit, and only towards asking for more', () => {
    let largest = 0;
    fc.assert(
      fc.property(anyTrust(), anyHostileShare(), anyPassed, fc.integer({ min: 1, max: 33 }), (trust, share, passed, seats) => {
        const least = acceptanceThresholds(trust, share, passed)[seats] ?? 0;
        if (least === 0 || !Number.isFinite(least)) return;
        const [honest, hostile] = ODDS[share];
        const E_DIGITS = 2_718_281_828_459_045_235n;
        const given = honest ** BigInt(seats) * E_DIGITS;
        const asked = BigInt(trust) * hostile ** BigInt(seats) * choose(seats - 1 + passed, passed) * CHECK * 10n ** 18n;
        const exact = (asked + given - 1n) / given;
        expect(BigInt(least)).toBeGreaterThanOrEqual(exact);
        largest = Math.max(largest, Number(BigInt(least) - 1n - exact) / Number(exact));
      }),
      { numRuns },
    );
    expect(largest).toBeLessThan(3.1e-7);
  });

  it('refuses a trust or a number of passed attempts it was not made for', () => {
    for (const trust of [0, -1, 1.5, 1_000_000_001, Number.NaN]) {
      expect(() => acceptanceThresholds(trust, 'standard')).toThrow(/from 1 to 10\^9/);
    }
    for (const passed of [-1, 0.5, MAX_PASSED + 1, Number.NaN]) {
      expect(() => acceptanceThresholds(2, 'standard', passed)).toThrow(/from 0 to 255/);
    }
  });
});
