import type { Hex } from '@gleaner/primitives';
import { MAX_UINT256 } from '../uint256.ts';
import { outOfRange } from './checks/outOfRange.ts';

/** Hex digits of one word. */
const WORD_DIGITS = 64;
const HEX = /^0x[0-9a-fA-F]{1,64}$/;

/**
 * abi.encode of values that take one word each: whole numbers from 0, addresses, bytes32. Text is hex in either case.
 * The general encoder gives the same in twice the time; draws are hashes of nothing else.
 * @throws {GleanerError} bad-request for what does not fit a word
 */
export function encodeWords(...values: readonly (Hex | number | bigint)[]): Hex {
  return `0x${values.map((value) => digitsOf(value).padStart(WORD_DIGITS, '0')).join('')}`;
}

function digitsOf(value: Hex | number | bigint): string {
  if (typeof value === 'string' && HEX.test(value)) return value.slice(2).toLowerCase();
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value.toString(16);
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_UINT256) return value.toString(16);
  throw outOfRange('word', value, 'a whole number from 0 to 2^256 − 1, or at most 32 bytes of hex');
}
