import {
  type Address,
  type Bytes32,
  type DealId,
  type Hex,
  type OrderHash,
  type TaskId,
  toUnixSeconds,
  type UnixSeconds,
} from '@gleaner/primitives';
import { checksumAddress, isAddressText } from '@gleaner/protocol';
import { z } from 'zod';

/** Unsigned 256-bit integer as decimal text on the wire. */
export const decimal = z.codec(z.string().regex(/^(0|[1-9][0-9]{0,77})$/, 'must be a decimal number'), z.bigint().nonnegative(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** Unsigned integer as a JSON number on the wire, at most 2^53 − 1. */
export const jsonInteger = z.codec(z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER), z.bigint().nonnegative(), {
  decode: (value) => BigInt(value),
  encode: (value) => Number(value),
});

/** Small unsigned integer inside a path or query. */
export const queryInteger = (min = 0, max: number = Number.MAX_SAFE_INTEGER) =>
  z.codec(z.string().regex(/^[0-9]{1,16}$/, 'must be a whole number'), z.number().int().min(min).max(max), {
    decode: (text) => Number(text),
    encode: (value) => value.toString(),
  });

/** Boolean inside a query: `true` or `false`. */
export const queryBoolean = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: (text) => text === 'true',
  encode: (value) => (value ? 'true' : 'false'),
});

/** Address in any letter case as input; the value, and what is sent, has its EIP-55 checksum. */
export const address = z.codec(
  z.string().refine(isAddressText, 'must be an address: 0x and 40 hexadecimal digits'),
  z.custom<Address>((value) => typeof value === 'string' && isAddressText(value)),
  { decode: (text) => checksumAddress(text as Address), encode: (value) => checksumAddress(value) },
);

const bytes32As = <T extends Hex>() =>
  z.codec(
    z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hexadecimal digits'),
    z.custom<T>((value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)),
    { decode: (text) => text.toLowerCase() as T, encode: (value) => value as string },
  );

export const bytes32 = bytes32As<Bytes32>();
export const orderHash = bytes32As<OrderHash>();
export const dealId = bytes32As<DealId>();
export const taskId = bytes32As<TaskId>();

/** Bytes as 0x-hex text of even length. */
export const hex = z.custom<Hex>(
  (value) => typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value),
  'must be 0x and an even number of hexadecimal digits',
);

/** ISO 8601 time in UTC on the wire, seconds as a value. */
export const isoTime = z.codec(
  z.iso.datetime(),
  z.custom<UnixSeconds>((value) => typeof value === 'bigint' && value >= 0n),
  {
    decode: (text) => toUnixSeconds(Date.parse(text) / 1000),
    encode: (value) => new Date(Number(value) * 1000).toISOString(),
  },
);

/** ISO 8601 time in UTC on the wire, milliseconds since 1970 as a value. */
export const isoMs = z.codec(z.iso.datetime(), z.number().int(), {
  decode: (text) => Date.parse(text),
  encode: (value) => new Date(value).toISOString(),
});
