import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { hexToBytes } from 'viem';
import { typeOf } from './decodeTransaction.ts';
import { addressOf, bytes32Of, hexOf, listOf, numberOf } from './rlpFields.ts';
import { decodeRlp, type RlpItem } from './strictRlp.ts';

export interface ReceiptLog {
  readonly address: Address;
  readonly topics: readonly Bytes32[];
  readonly data: Hex;
}

/** What a transaction did, as the receipts trie holds it. */
export interface TransactionReceipt {
  readonly type: number;
  /** 1 when it succeeded. */
  readonly status: bigint;
  readonly logs: readonly ReceiptLog[];
}

const MAX_TYPE = 4;

/** @throws {RangeError} for bytes that are no receipt of types 0 to 4 */
export function decodeTransactionReceipt(encoded: Hex): TransactionReceipt {
  const bytes = hexToBytes(encoded);
  const type = typeOf(bytes);
  if (type < 0 || type > MAX_TYPE) throw new RangeError(`There is no receipt of type ${type}`);
  const items = listOf(decodeRlp(type === 0 ? bytes : bytes.subarray(1)), 'receipt');
  if (items.length !== 4) throw new RangeError(`A receipt has 4 items, got ${items.length}`);
  return { type, status: numberOf(items[0], 'status'), logs: listOf(items[3], 'logs').map(readLog) };
}

function readLog(item: RlpItem): ReceiptLog {
  const parts = listOf(item, 'log');
  if (parts.length !== 3) throw new RangeError(`A log has 3 items, got ${parts.length}`);
  const topics = listOf(parts[1], 'topics').map((topic) => bytes32Of(topic, 'topic'));
  return { address: addressOf(parts[0], 'log address'), topics, data: hexOf(parts[2], 'log data') };
}
