import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { bytesToHex, getAddress } from 'viem';
import type { RlpItem } from './strictRlp.ts';

/** Reads of one item; each throws a RangeError for another shape. */
export function listOf(item: RlpItem | undefined, what: string): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw new RangeError(`${what} is no list`);
  return item;
}

export function bytesOf(item: RlpItem | undefined, what: string, length?: number): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new RangeError(`${what} is no byte string`);
  if (length !== undefined && item.length !== length) throw new RangeError(`${what} has ${item.length} bytes, expected ${length}`);
  return item;
}

export const hexOf = (item: RlpItem | undefined, what: string): Hex => bytesToHex(bytesOf(item, what));
export const bytes32Of = (item: RlpItem | undefined, what: string): Bytes32 => bytesToHex(bytesOf(item, what, 32)) as Bytes32;
export const addressOf = (item: RlpItem | undefined, what: string): Address => getAddress(bytesToHex(bytesOf(item, what, 20)));

/** Big-endian number without leading zeros. */
export function numberOf(item: RlpItem | undefined, what: string, maxBytes = 32): bigint {
  const bytes = bytesOf(item, what);
  if (bytes.length > maxBytes || bytes[0] === 0) throw new RangeError(`${what} is no number of at most ${maxBytes} bytes`);
  return bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes));
}
