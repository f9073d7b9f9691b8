import type { Bytes32, DealId } from '@gleaner/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchCount,
  batchId,
  batchOfTask,
  batchRange,
  declaredValue,
  encodeAssuredOffer,
  encodeRegime,
  formatTag,
  matchRegime,
  missingTagBits,
  readRegime,
  type TagName,
  tagFromBits,
} from '../../src/index.ts';
import { anyAssuredRegime, anyBytes32, anyRegime } from '../../src/testing.ts';

const or = (a: Bytes32, b: Bytes32): Bytes32 => tagFromBits(BigInt(a) | BigInt(b));
const anyOtherTag = fc.subarray<TagName>(['tee', 'scone', 'gpu']).map(formatTag);
const ANYTHING = encodeAssuredOffer({ share: 'high', withoutHistory: true, batchExponent: 'any', valueExponent: 'any' });
const faultOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { details?: { reason?: string } }).details?.reason;
  }
};

describe('the regime of a request', () => {
  it('survives its encoding, beside any other bits', () => {
    fc.assert(
      fc.property(anyRegime(), anyOtherTag, (regime, other) => {
        expect(readRegime(or(encodeRegime(regime), other))).toEqual(regime);
      }),
    );
  });

  it('is either read or refused with a reason, for every tag there is', () => {
    fc.assert(
      fc.property(anyBytes32(), (tag) => {
        const bits = BigInt(tag);
        const outcome = faultOf(() => readRegime(tag));
        const options = bits & 0x0ff60000n;
        if (((bits >> 16n) & 1n) === 0n) expect(outcome).toEqual(options === 0n ? { regime: 'classic' } : 'options-without-assured');
        else if (((bits >> 20n) & 15n) > 10n) expect(outcome).toBe('batch-too-large');
        else expect(encodeRegime(outcome as never)).toBe(tagFromBits(bits & 0x0ff70000n));
      }),
    );
  });

  it('is served by a pool that offers everything, and by one that offers just that', () => {
    fc.assert(
      fc.property(anyAssuredRegime(), anyOtherTag, (regime, other) => {
        const request = or(encodeRegime(regime), other);
        expect(matchRegime({ request, workerpool: ANYTHING })).toEqual(regime);
        expect(matchRegime({ request, workerpool: encodeAssuredOffer(regime) })).toEqual(regime);
      }),
    );
  });

  it('is served exactly when the pool has all its bits', () => {
    fc.assert(
      fc.property(anyAssuredRegime(), anyBytes32(), (regime, workerpool) => {
        const request = encodeRegime(regime);
        const isOffered = BigInt(missingTagBits(workerpool, request)) === 0n;
        expect(faultOf(() => matchRegime({ request, workerpool }))).toEqual(isOffered ? regime : 'not-offered');
      }),
    );
  });

  it('never lets a classic request take an offer that is priced per seat', () => {
    const request = formatTag(['gpu']);
    expect(faultOf(() => matchRegime({ request, workerpool: or(ANYTHING, request) }))).toBe('offer-is-assured');
    expect(matchRegime({ request, workerpool: request })).toEqual({ regime: 'classic' });
  });

  it('refuses exponents that it has no bits for', () => {
    const regime = { regime: 'assured', share: 'high', withoutHistory: false, batchExponent: 10, valueExponent: 15 } as const;
    expect(faultOf(() => encodeRegime({ ...regime, batchExponent: 11 }))).toBe('field-out-of-range');
    expect(faultOf(() => encodeRegime({ ...regime, valueExponent: 16 }))).toBe('field-out-of-range');
    expect(declaredValue(regime, 3n)).toBe(3n * 2n ** 15n);
  });
});

describe('batches of a deal', () => {
  it('hold every task once, in order, all full but the last', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 5_000n }), fc.integer({ min: 0, max: 10 }), anyBytes32(), (volume, exponent, deal) => {
        const count = batchCount(volume, exponent);
        let next = 0n;
        const last = count < 20n ? count : 20n;
        for (let index = 0n; index < last; index += 1n) {
          const { first, size } = batchRange(volume, exponent, index);
          expect(first).toBe(next);
          expect(size).toBe(index === count - 1n ? volume - first : 2n ** BigInt(exponent));
          expect(batchOfTask(first, exponent)).toBe(index);
          expect(batchOfTask(first + size - 1n, exponent)).toBe(index);
          next += size;
        }
        const end = batchRange(volume, exponent, count - 1n);
        expect(end.first + end.size).toBe(volume);
        expect(() => batchRange(volume, exponent, count)).toThrow(/there is no batch/);
        expect(batchId(deal as never as DealId, 0n)).not.toBe(batchId(deal as never as DealId, 1n));
      }),
      { numRuns: 50 },
    );
    expect(() => batchCount(1n, 11)).toThrow(/2\^11/);
  });
});
