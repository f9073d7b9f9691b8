import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSilence, isSilentTooOften, type Silences } from '../../src/index.ts';
import { anyAddress } from '../../src/testing.ts';

describe('silences in a row', () => {
  it('take an operator out after three requesters, and never after one, however often it asks', () => {
    fc.assert(
      fc.property(fc.array(anyAddress(), { maxLength: 12 }), (requesters) => {
        const silences = requesters.reduce<Silences>(countSilence, []);
        const marks = new Set(requesters.map((requester) => BigInt(requester) & 0xfffn));
        expect(silences.length).toBe(Math.min(3, marks.size));
        expect(isSilentTooOften(silences)).toBe(marks.size >= 3);
        expect(silences.every((mark) => mark >= 0 && mark < 4_096)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
