import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, trustOf } from '../src/index.ts';

describe('confidence and trust', () => {
  it.each([
    [0, 1n],
    [0.5, 2n],
    [0.9, 10n],
    [0.99, 100n],
    [0.999, 1000n],
    [0.9999, 10_000n],
    [0.8, 5n],
    [0.7, 4n],
    [1e-7, 2n],
    ['0.999999999999999999999', 10n ** 21n],
    ['5e-1', 2n],
  ])('%s asks for trust %s', (confidence, trust) => {
    expect(trustOf(confidence)).toBe(trust);
  });

  it.each([1, 1.5, -0.1, Number.NaN, Number.POSITIVE_INFINITY, '', 'high', '0.9.9', '1e999'])('%s is refused', (confidence) => {
    expect(() => trustOf(confidence)).toThrow('Confidence must be');
  });

  it('a confidence read from a trust never promises more, and gives the same trust back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 7n }), (trust) => void expect(trustOf(confidenceOf(trust))).toBe(trust)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }),
        (trust) => void expect(trustOf(confidenceOf(trust))).toBeLessThanOrEqual(trust),
      ),
    );
  });

  it('a higher confidence never asks for less trust', () => {
    const confidence = fc.double({ min: 0, max: 0.9999999999, noNaN: true });
    fc.assert(
      fc.property(confidence, confidence, (a, b) => void expect(trustOf(Math.max(a, b))).toBeGreaterThanOrEqual(trustOf(Math.min(a, b)))),
    );
  });
});
