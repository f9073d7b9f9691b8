import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClosedForms, firstToError, firstToNeeded, firstToVotes, sequentialVotes } from './closedForms.ts';

describe('closed forms', () => {
  it('agree with every published figure', () => {
    expect(checkClosedForms().filter(({ agrees }) => !agrees)).toEqual([]);
  });

  it('m-first: the sum over deciding votes is the published sum over 2m − 1 votes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.001, max: 0.49, noNaN: true }), (m, phi) => {
        expect(firstToError(m, phi)).toBeCloseTo(binomialTail(m, phi), 10);
      }),
    );
  });

  it('m-first: more votes never cost accuracy, and lie between m and 2m − 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.001, max: 0.49, noNaN: true }), (m, phi) => {
        expect(firstToError(m + 1, phi)).toBeLessThan(firstToError(m, phi));
        expect(firstToVotes(m, phi)).toBeGreaterThanOrEqual(m - 1e-9);
        expect(firstToVotes(m, phi)).toBeLessThanOrEqual(2 * m - 1 + 1e-9);
      }),
    );
  });

  it('the sequential test needs fewer votes than m-first for the same error', () => {
    for (const f of [0.1, 0.2, 0.35]) expect(sequentialVotes(10, f)).toBeLessThan(firstToVotes(firstToNeeded(1e-6, f), f));
  });
});

function binomialTail(m: number, phi: number): number {
  const votes = 2 * m - 1;
  let sum = 0;
  for (let wrong = m; wrong <= votes; wrong += 1) {
    let term = 1;
    for (let factor = 1; factor <= votes - wrong; factor += 1) term *= ((wrong + factor) / factor) * (1 - phi);
    sum += term * phi ** wrong;
  }
  return sum;
}
