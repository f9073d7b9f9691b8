import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatRlc, parseRlc } from './amounts.ts';

describe('amounts', () => {
  test('law: what is printed is read back as the same amount', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 87_000_000n * 10n ** 9n }), (amount) => parseRlc(formatRlc(amount)) === amount));
  });

  test.each([
    ['1', 1_000_000_000n],
    ['1.5', 1_500_000_000n],
    ['0.000000001 RLC', 1n],
    ['7nRLC', 7n],
    [' 2 rlc ', 2_000_000_000n],
  ])('reads %s', (text, amount) => {
    expect(parseRlc(text)).toBe(amount);
  });

  test.each(['', '-1', '1.0000000001', '1e9', '0x10', 'RLC', '1,5', 'NaN'])('refuses %s', (text) => {
    expect(() => parseRlc(text)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  test('durations', () => {
    expect(formatDuration(3000)).toBe('50 min');
    expect(formatDuration(0)).toBe('0 s');
    expect(formatDuration(3661)).toBe('1 h 1 min 1 s');
  });
});
