import type { Address } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, rankCandidates } from './rankCandidates.ts';

const anyCandidate = fc.record({
  wallet: fc.nat().map((n): Address => `0x${n.toString(16).padStart(40, '0')}`),
  free: fc.integer({ min: 1, max: 4 }),
  late: fc.boolean(),
  lot: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('rankCandidates', () => {
  test('law: nobody who was late is asked before somebody who was not, and else nobody with fewer free slots before one with more', () => {
    fc.assert(
      fc.property(fc.array(anyCandidate), (candidates) => {
        const ranked = rankCandidates(candidates);
        expect(new Set(ranked)).toEqual(new Set(candidates));
        for (const [index, after] of ranked.slice(1).entries()) {
          const before = ranked[index] as Candidate;
          expect(Number(before.late)).toBeLessThanOrEqual(Number(after.late));
          if (before.late === after.late) expect(before.free).toBeGreaterThanOrEqual(after.free);
        }
      }),
    );
  });

  test('the lot alone decides among equals', () => {
    const equals = [0.7, 0.1, 0.4].map((lot): Candidate => ({ wallet: `0x${'a'.repeat(40)}`, free: 1, late: false, lot }));
    expect(rankCandidates(equals).map(({ lot }) => lot)).toEqual([0.1, 0.4, 0.7]);
  });
});
