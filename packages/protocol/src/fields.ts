import { type Address, type Bytes32, type Hex, isHex, show } from '@gleaner/primitives';
import { z } from 'zod';
import { checksumAddress, isAddressText } from './checksumAddress.ts';
import { MAX_UINT256 } from './uint256.ts';

/** Decimal digits, or 0x and hexadecimal digits; long enough for 2^256 − 1 in either form. */
const INTEGER_TEXT = /^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/;
/** 0x, then 64 hexadecimal digits. */
const BYTES32_TEXT = /^0x[0-9a-fA-F]{64}$/;

const expected = (what: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `is missing; it must be ${what}` : `must be ${what}; got ${show(issue.input)}`;

const UINT256_FORM = 'a whole number from 0 to 2^256 − 1, as a JSON number up to 2^53 − 1, decimal text or 0x hex';
const ADDRESS_FORM = 'an address: 0x and 40 hexadecimal digits, all lower-case or with a right EIP-55 checksum';
const BYTES32_FORM = '0x and 64 hexadecimal digits';
const BYTES_FORM = '0x and an even number of hexadecimal digits';

function readUint256(value: number | string): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  if (!INTEGER_TEXT.test(value)) return undefined;
  const integer = BigInt(value);
  return integer <= MAX_UINT256 ? integer : undefined;
}

/** Wire: JSON number, decimal text or 0x hex. Value: bigint in [0, 2^256 − 1]. Written as a number while that is exact, else as decimal text. */
export const uint256Field = z.codec(z.union([z.number(), z.string()], { error: expected(UINT256_FORM) }), z.bigint(), {
  decode: (value, context) => {
    const integer = readUint256(value);
    if (integer !== undefined) return integer;
    context.issues.push({ code: 'custom', message: expected(UINT256_FORM)({ input: value }), input: value });
    return z.NEVER;
  },
  encode: (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()),
});

/** Wire: hex text. Value: the same address with its EIP-55 checksum. */
export const addressField = z.codec(z.string({ error: expected(ADDRESS_FORM) }), z.custom<Address>(), {
  decode: (value, context) => {
    const address = isAddressText(value) ? checksumAddress(value) : undefined;
    if (address !== undefined && (value === address || value === value.toLowerCase())) return address;
    context.issues.push({ code: 'custom', message: expected(ADDRESS_FORM)({ input: value }), input: value });
    return z.NEVER;
  },
  encode: (value): string => value,
});

/** Wire and value: 32 bytes as hex text; the value is lower-case. */
export const bytes32Field = z.codec(z.string({ error: expected(BYTES32_FORM) }), z.custom<Bytes32>(), {
  decode: (value, context) => {
    if (BYTES32_TEXT.test(value)) return value.toLowerCase() as Bytes32;
    context.issues.push({ code: 'custom', message: expected(BYTES32_FORM)({ input: value }), input: value });
    return z.NEVER;
  },
  encode: (value): string => value,
});

/** Wire and value: bytes of any length as hex text. */
export const bytesField = z.codec(z.string({ error: expected(BYTES_FORM) }), z.custom<Hex>(), {
  decode: (value, context) => {
    if (isHex(value)) return value;
    context.issues.push({ code: 'custom', message: expected(BYTES_FORM)({ input: value }), input: value });
    return z.NEVER;
  },
  encode: (value): string => value,
});

export const textField = z.string({ error: expected('text') });
