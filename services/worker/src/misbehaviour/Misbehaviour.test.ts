import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertMayMisbehave } from './assertMayMisbehave.ts';
import { formatMisbehaviour, type Misbehaviour, parseMisbehaviour } from './Misbehaviour.ts';

const anyMisbehaviour: fc.Arbitrary<Misbehaviour> = fc.oneof(
  fc.constantFrom<Misbehaviour>({ kind: 'silent' }, { kind: 'lazy-copier' }, { kind: 'crash' }),
  fc.bigInt({ min: 0n, max: 999_999n }).map((fromScore) => ({ kind: 'wrong-result' as const, fromScore })),
  fc.integer({ min: 1, max: 3_600 }).map((seconds) => ({ kind: 'slow' as const, delayMs: seconds * 1000 })),
);

describe('misbehaviours', () => {
  test('law: what is formatted is parsed as the same', () => {
    fc.assert(
      fc.property(anyMisbehaviour, (misbehaviour) => {
        expect(parseMisbehaviour(formatMisbehaviour(misbehaviour))).toEqual(misbehaviour);
      }),
    );
  });

  test('the names alone', () => {
    expect(parseMisbehaviour('wrong-result')).toEqual({ kind: 'wrong-result', fromScore: 0n });
    expect(parseMisbehaviour('slow')).toEqual({ kind: 'slow', delayMs: 20_000 });
  });

  test.each([
    '',
    'lying',
    'slow:',
    'slow:0s',
    'slow:3601s',
    'slow:20',
    'slow:from-score-1',
    'silent:20s',
    'crash:1',
    'wrong-result:1',
    'wrong-result:from-score-0',
    ' silent',
    'constructor',
  ])('refuses «%s» and says what would be right', (text) => {
    expect(() => parseMisbehaviour(text)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('wrong-result, ') }),
    );
  });

  test('law: on local networks only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1_337_001, max: 1_346_999 }), fc.constantFrom(1_337_001, 1_346_999)), (chainId) => {
        assertMayMisbehave(chainId);
      }),
    );
    const others = fc.oneof(fc.integer({ min: 1, max: 1_337_000 }), fc.integer({ min: 1_347_000 }), fc.constantFrom(1, 134));
    fc.assert(
      fc.property(others, (chainId) => {
        expect(() => assertMayMisbehave(chainId)).toThrow(expect.objectContaining({ code: 'bad-request' }));
      }),
    );
  });
});
