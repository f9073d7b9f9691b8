import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerLimit, upperLimit } from './limits.ts';

describe('exact limits', () => {
  it('are those of the tables: upper 95 % for 0, 1, 2, 10 rare errors', () => {
    // Half of the 95 % quantile of χ² with 2(k + 1) degrees of freedom.
    for (const [errors, expected] of [
      [0, 2.9957],
      [1, 4.7439],
      [2, 6.2958],
      [10, 16.9622],
    ] as const) {
      expect(upperLimit(errors, 1e9) * 1e9).toBeCloseTo(expected, 3);
    }
  });

  it('leave exactly 5 % on each side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 60 }), (draws, some) => {
        const errors = some % draws;
        expect(atMost(errors, draws, upperLimit(errors, draws))).toBeCloseTo(0.05, 6);
        if (errors > 0) expect(1 - atMost(errors - 1, draws, lowerLimit(errors, draws))).toBeCloseTo(0.05, 6);
      }),
    );
  });

  it('hold the rate between them and tighten with more draws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 2_001, max: 1_000_000 }), (errors, draws) => {
        expect(lowerLimit(errors, draws)).toBeLessThan(errors / draws);
        expect(upperLimit(errors, draws)).toBeGreaterThan(errors / draws);
        expect(upperLimit(4 * errors, 4 * draws)).toBeLessThan(upperLimit(errors, draws));
      }),
      { numRuns: 30 },
    );
  });
});

/** P(X ≤ errors), summed plainly. */
function atMost(errors: number, draws: number, rate: number): number {
  let sum = 0;
  for (let count = 0; count <= errors; count += 1) {
    let term = 1;
    for (let factor = 1; factor <= count; factor += 1) term *= ((draws - count + factor) / factor) * rate;
    sum += term * (1 - rate) ** (draws - count);
  }
  return sum;
}
