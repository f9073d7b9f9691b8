import { type GleanerError, isGleanerError } from '@gleaner/primitives';
import fc from 'fast-check';
import { hashStruct, hashTypedData } from 'viem';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  decodeOrder,
  decodeSignedOrder,
  encodeOrder,
  hashOrder,
  hashOrderStruct,
  ORDER_KINDS,
  orderSchema,
  orderTypedData,
  signedOrderSchema,
} from '../src/index.ts';
import { anyAppOrder, anyDatasetOrder, anyRequestOrder, anyUint256, anyWorkerpoolOrder, TEST_DOMAIN } from '../src/testing.ts';

const anyOrder = { app: anyAppOrder(), dataset: anyDatasetOrder(), workerpool: anyWorkerpoolOrder(), request: anyRequestOrder() };

describe('orders on the wire', () => {
  it.each(ORDER_KINDS)('%s order survives JSON in either form', (kind) => {
    fc.assert(
      fc.property(anyOrder[kind] as fc.Arbitrary<never>, (order) => {
        const wire: unknown = JSON.parse(JSON.stringify(encodeOrder(kind, order)));
        expect(decodeOrder(kind, wire)).toEqual(order);
        expect(decodeOrder(kind, order)).toEqual(order);
        expect(orderSchema[kind].parse(wire)).toEqual(order);
      }),
      { numRuns: 40 },
    );
  });

  it('amounts come as numbers, decimal text or hex', () => {
    fc.assert(
      fc.property(anyAppOrder(), anyUint256(), (order, volume) => {
        const forms: unknown[] = [volume.toString(), `0x${volume.toString(16)}`, volume];
        if (volume <= BigInt(Number.MAX_SAFE_INTEGER)) forms.push(Number(volume));
        for (const form of forms) expect(decodeOrder('app', { ...encodeOrder('app', order), volume: form }).volume).toBe(volume);
      }),
    );
  });

  it.each(ORDER_KINDS)('the hash of a %s order is that of the library for typed data', (kind) => {
    fc.assert(
      fc.property(anyOrder[kind] as fc.Arbitrary<never>, (order) => {
        const { domain, types, primaryType, message } = orderTypedData(kind, order, TEST_DOMAIN);
        const data = { types: types as Record<string, { name: string; type: string }[]>, primaryType };
        expect(hashOrder(kind, order, TEST_DOMAIN)).toBe(hashTypedData({ ...data, domain: { ...domain }, message }));
        expect(hashOrderStruct(kind, order)).toBe(hashStruct({ ...data, data: message }));
      }),
      { numRuns: 40 },
    );
  });

  it('any change of any field changes the hash', () => {
    fc.assert(
      fc.property(anyRequestOrder(), anyRequestOrder(), (order, other) => {
        for (const [field, value] of Object.entries(other)) {
          if (value === order[field as keyof typeof order]) continue;
          expect(hashOrder('request', { ...order, [field]: value }, TEST_DOMAIN)).not.toBe(hashOrder('request', order, TEST_DOMAIN));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('no input makes decoding fail with anything but order-invalid', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDER_KINDS),
        fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('app', 'volume', 'tag'), fc.anything())),
        (kind, value) => {
          try {
            decodeOrder(kind, value);
          } catch (error) {
            expect(isGleanerError(error) && error.code).toBe('order-invalid');
          }
        },
      ),
    );
  });

  it('errors name the field, the value and what would be right', () => {
    const [order] = fc.sample(anyAppOrder(), { numRuns: 1, seed: 1 });
    const wire = { ...encodeOrder('app', order ?? ({} as never)) };
    const messageOf = (change: object): string => {
      try {
        decodeOrder('app', { ...wire, ...change });
        return 'accepted';
      } catch (error) {
        return (error as GleanerError).message;
      }
    };
    expect(messageOf({ appprice: '1.5' })).toMatchInlineSnapshot(
      `"This app order is not well formed: appprice must be a whole number from 0 to 2^256 − 1, as a JSON number up to 2^53 − 1, decimal text or 0x hex; got 1.5"`,
    );
    expect(messageOf({ appprice: -1, salt: '0x12' })).toMatchInlineSnapshot(
      `"This app order is not well formed: appprice must be a whole number from 0 to 2^256 − 1, as a JSON number up to 2^53 − 1, decimal text or 0x hex; got -1; salt must be 0x and 64 hexadecimal digits; got 0x12"`,
    );
    expect(messageOf({ volume: undefined })).toMatchInlineSnapshot(
      `"This app order is not well formed: volume is missing; it must be a whole number from 0 to 2^256 − 1, as a JSON number up to 2^53 − 1, decimal text or 0x hex"`,
    );
    expect(messageOf({ app: '0x00000000000000000000000000000000000000AbC' })).toContain('app must be an address');
    expect(messageOf({ app: '0xA1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1' })).toContain('EIP-55');
    expect(messageOf({ volume: `1${'0'.repeat(78)}` })).toContain('2^256 − 1');
    expect(messageOf({ volume: 2 ** 53 })).toContain('2^53 − 1');
  });

  it('a signed order needs its signature', () => {
    const [order] = fc.sample(anyAppOrder(), { numRuns: 1, seed: 1 });
    expect(() => decodeSignedOrder('app', order)).toThrow('sign is missing');
    expect(decodeSignedOrder('app', { ...order, sign: '0x' }).sign).toBe('0x');
    expect(decodeOrder('app', { ...order, extra: 1 })).toEqual(order);
  });

  it('the schemas describe themselves for the API document', () => {
    for (const kind of ORDER_KINDS) {
      expect(z.toJSONSchema(signedOrderSchema[kind], { io: 'input' })).toMatchObject({ type: 'object' });
    }
  });
});
