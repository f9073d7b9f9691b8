import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import { getAddress } from 'viem';
import { z } from 'zod';
import { MAX_UINT256 } from '../../uint256.ts';

/** Decimal digits without leading zeros. */
const UINT = /^(?:0|[1-9][0-9]{0,77})$/;

const matching = (pattern: RegExp, what: string) => z.string().regex(pattern, `must be ${what}`);

/** Wire: decimal text without leading zeros. Value: bigint in [0, 2^256 − 1]. */
export const uintField = z.codec(
  matching(UINT, 'a whole number from 0 to 2^256 − 1 as decimal text').refine((text) => UINT.test(text) && BigInt(text) <= MAX_UINT256),
  z.bigint(),
  { decode: (text) => BigInt(text), encode: (value) => value.toString() },
);

/** Wire: lower-case hex. Value: the same address with its EIP-55 checksum. */
export const accountField = z.codec(matching(/^0x[0-9a-f]{40}$/, 'an address in lower-case hex'), z.custom<Address>(), {
  decode: (text) => getAddress(text),
  encode: (value) => value.toLowerCase(),
});

const hashAs = <T extends Hex>() =>
  z.codec(matching(/^0x[0-9a-f]{64}$/, '32 bytes in lower-case hex'), z.custom<T>(), {
    decode: (text) => text as T,
    encode: (value) => value.toLowerCase(),
  });

/** Wire and value: 32 bytes in lower-case hex. */
export const hashField = hashAs<Bytes32>();
export const dealIdField = hashAs<DealId>();
export const taskIdField = hashAs<TaskId>();

/** Wire and value: bytes of any length in lower-case hex. */
export const octetsField = z.codec(matching(/^0x(?:[0-9a-f]{2})*$/, 'bytes in lower-case hex'), z.custom<Hex>(), {
  decode: (text) => text as Hex,
  encode: (value) => value.toLowerCase(),
});
