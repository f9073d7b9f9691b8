import fc from 'fast-check';
import { getAddress } from 'viem';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { address, bytes32, decimal, isoMs, isoTime, jsonInteger, queryBoolean, queryInteger } from './fields.ts';

const anyHex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((data) => `0x${Buffer.from(data).toString('hex')}` as const);

test('addresses are checksummed on both sides, whatever their letter case was', () => {
  fc.assert(
    fc.property(anyHex(20), fc.boolean(), (lower, upper) => {
      const text = upper ? `0x${lower.slice(2).toUpperCase()}` : lower;
      expect(z.decode(address, text)).toBe(getAddress(lower));
      expect(z.encode(address, lower)).toBe(getAddress(lower));
    }),
  );
});

test('what is encoded decodes to the same value', () => {
  const sameAgain = (field: z.ZodType, value: unknown): void => {
    expect(z.decode(field, z.encode(field, value as never) as never)).toEqual(value);
  };
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (n) => sameAgain(decimal, n)));
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 53n - 1n), (n) => sameAgain(jsonInteger, n)));
  fc.assert(fc.property(fc.maxSafeNat(), (n) => sameAgain(queryInteger(), n)));
  fc.assert(fc.property(fc.boolean(), (flag) => sameAgain(queryBoolean, flag)));
  fc.assert(fc.property(anyHex(32), (hash) => sameAgain(bytes32, hash)));
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => sameAgain(isoMs, ms)));
  fc.assert(fc.property(fc.bigInt(0n, 4_102_444_800n), (seconds) => sameAgain(isoTime, seconds)));
});

test('other text is refused', () => {
  for (const [field, text] of [
    [decimal, '01'],
    [decimal, '-1'],
    [decimal, '1e3'],
    [decimal, '0x1'],
    [jsonInteger, 2 ** 53],
    [jsonInteger, 1.5],
    [queryInteger(1, 5), '6'],
    [queryInteger(), ''],
    [queryBoolean, '1'],
    [address, '0x12'],
    [bytes32, `0x${'g'.repeat(64)}`],
    [isoTime, 'yesterday'],
  ] as const) {
    expect(z.safeDecode(field as z.ZodType, text as never).success, `${text}`).toBe(false);
  }
});
