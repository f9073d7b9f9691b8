import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countOf,
  formatCoin,
  formatConfidence,
  formatDistance,
  formatDuration,
  formatRlc,
  formatTime,
  groupDigits,
  shorten,
} from '../src/values/format.ts';

const NARROW = '\u202f';

describe('amounts', () => {
  test.each([
    [0n, '0'],
    [1n, '0.000000001'],
    [330_000_000n, '0.33'],
    [1_000_000_000n, '1'],
    [-1_500_000_000n, '−1.5'],
    [99_996_000_000_000n, `99${NARROW}996`],
    [2n ** 256n - 1n, undefined],
  ])('%d nRLC', (nano, text) => {
    const shown = formatRlc(nano);
    if (text !== undefined) expect(shown).toBe(text);
    expect(shown).not.toMatch(/e\+|NaN/);
  });

  test('no nRLC is lost or made up', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (nano) => {
        const text = formatRlc(nano).replaceAll(NARROW, '');
        const [whole = '', fraction = ''] = text.replace('−', '').split('.');
        const back = BigInt(whole) * 10n ** 9n + BigInt(fraction.padEnd(9, '0') || 0);
        expect(text.startsWith('−') ? -back : back).toBe(nano);
        expect(fraction).not.toMatch(/0$/);
      }),
    );
  });

  test('coin is cut, never rounded up, and never nothing', () => {
    expect(formatCoin(0n)).toBe('0');
    expect(formatCoin(1n)).toBe('< 0.0001');
    expect(formatCoin(1_999_999_999_999_999_999n)).toBe('1.9999');
    expect(formatCoin(10_000n * 10n ** 18n)).toBe(`10${NARROW}000`);
  });

  test('digits in threes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), (value) => groupDigits(`${value}`).replaceAll(NARROW, '') === `${value}`),
    );
  });

  test('counts', () => {
    expect(countOf(1, 'task')).toBe('1 task');
    expect(countOf(0n, 'task')).toBe('0 tasks');
    expect(countOf(2, 'consensus', 'consensuses')).toBe('2 consensuses');
  });
});

describe('times', () => {
  test.each([
    [0, '0 s'],
    [4000, '1 h 6 min 40 s'],
    [300, '5 min'],
    [90_061, '1 d 1 h 1 min'],
    [-5, '0 s'],
  ])('%d s last', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test.each([
    [100, 100, 'now'],
    [88, 100, '12 s ago'],
    [280, 100, 'in 3 min'],
    [0, 7200, '2 h ago'],
    [86_400 * 3, 0, 'in 3 d'],
  ])('%d seen from %d', (at, now, text) => expect(formatDistance(at, now)).toBe(text));

  test('local time reads back as the same second', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        const shown = formatTime(date);
        expect(shown).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        expect(formatTime(new Date(shown.replace(' ', 'T')))).toBe(shown);
      }),
    );
  });
});

describe('others', () => {
  test('a confidence below one never reads as certainty', () => {
    expect(formatConfidence(0)).toBe('0 %');
    expect(formatConfidence(0.8)).toBe('80 %');
    expect(formatConfidence(0.999999)).toBe('99.9999 %');
    expect(formatConfidence(0.999999999999999)).toBe('> 99.999999 %');
    fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value) => formatConfidence(value) !== '100 %'));
  });

  test('short texts stay whole', () => {
    expect(shorten('0x1234567890abcdef')).toBe('0x1234…cdef');
    expect(shorten('0x12')).toBe('0x12');
  });
});
