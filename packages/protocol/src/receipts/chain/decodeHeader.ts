import type { Bytes32, Hex, UnixSeconds } from '@gleaner/primitives';
import { hexToBytes, keccak256 } from 'viem';
import { bytes32Of, listOf, numberOf } from './rlpFields.ts';
import { decodeRlp } from './strictRlp.ts';

/** What a receipt needs of a block header. */
export interface BlockHeader {
  readonly hash: Bytes32;
  readonly parentHash: Bytes32;
  readonly transactionsRoot: Bytes32;
  readonly receiptsRoot: Bytes32;
  readonly number: bigint;
  readonly timestamp: UnixSeconds;
}

const MIN_ITEMS = 15;

/** @throws {RangeError} for bytes that are no header */
export function decodeHeader(rlp: Hex): BlockHeader {
  const items = listOf(decodeRlp(hexToBytes(rlp)), 'header');
  if (items.length < MIN_ITEMS) throw new RangeError(`A header has ${MIN_ITEMS} items or more, got ${items.length}`);
  return {
    hash: keccak256(rlp) as Bytes32,
    parentHash: bytes32Of(items[0], 'parentHash'),
    transactionsRoot: bytes32Of(items[4], 'transactionsRoot'),
    receiptsRoot: bytes32Of(items[5], 'receiptsRoot'),
    number: numberOf(items[8], 'number', 8),
    timestamp: numberOf(items[11], 'timestamp', 8) as UnixSeconds,
  };
}
