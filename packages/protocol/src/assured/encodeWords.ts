import type { Hex } from '@gleaner/primitives';

/** Hex digits of one word. */
const WORD_DIGITS = 64;

/**
 * abi.encode of values that take one word each: whole numbers from 0, addresses, bytes32. Text is lower-case hex, or a checksummed address.
 * The general encoder gives the same in twice the time; draws are hashes of nothing else.
 */
export function encodeWords(...values: readonly (Hex | number | bigint)[]): Hex {
  const words = values.map((value) =>
    (typeof value === 'string' ? value.slice(2).toLowerCase() : value.toString(16)).padStart(WORD_DIGITS, '0'),
  );
  return `0x${words.join('')}`;
}
