import type { DealId, Hex } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { assertAmount } from './checks/assertAmount.ts';
import { assertWord } from './checks/assertBytes.ts';
import { shown } from './checks/shown.ts';
import { encodeWords } from './encodeWords.ts';

declare const batchBrand: unique symbol;
/** Tasks of one deal that are drawn, committed, accepted and paid together; the last batch of a deal may be short. */
export type BatchId = Hex & { readonly [batchBrand]: 'BatchId' };

/** A batch has at most 2^10 tasks. */
export const MAX_BATCH_EXPONENT = 10;

/** Tasks of the deal: `first` ≤ position < `first + size`, counted from the deal's own first task. */
export interface BatchRange {
  readonly index: bigint;
  readonly first: bigint;
  readonly size: bigint;
}

/** keccak256(abi.encode(deal, index of the batch in the deal)). @throws {GleanerError} bad-request for what is neither an id nor an index */
export function batchId(deal: DealId, index: bigint): BatchId {
  assertWord('deal', deal);
  assertAmount('index', index);
  return keccak256(encodeWords(deal, index)) as BatchId;
}

/**
 * How many batches a deal of so many tasks has: ⌈volume / 2^exponent⌉.
 * @throws {GleanerError} order-invalid for an exponent beyond 10, bad-request for a volume below 1
 */
export function batchCount(volume: bigint, exponent: number): bigint {
  assertAmount('volume', volume, 1n);
  const size = batchSize(exponent);
  return (volume + size - 1n) / size;
}

/**
 * @param volume tasks of the deal, at least 1
 * @throws {GleanerError} task-not-found for an index at or beyond `batchCount`; else as `batchCount`
 */
export function batchRange(volume: bigint, exponent: number, index: bigint): BatchRange {
  const size = batchSize(exponent);
  const count = batchCount(volume, exponent);
  assertAmount('index', index);
  if (index >= count) {
    throw new GleanerError('task-not-found', `The deal has ${count} batches; there is no batch ${index}`, { details: { index, count } });
  }
  const first = index * size;
  return { index, first, size: first + size <= volume ? size : volume - first };
}

/** Index of the batch that holds the task at this position of the deal, from 0. @throws {GleanerError} as `batchCount` */
export function batchOfTask(position: bigint, exponent: number): bigint {
  assertAmount('position', position);
  return position / batchSize(exponent);
}

function batchSize(exponent: number): bigint {
  if (Number.isInteger(exponent) && exponent >= 0 && exponent <= MAX_BATCH_EXPONENT) return 1n << BigInt(exponent);
  throw new GleanerError('order-invalid', `The size of a batch must be 2^0 … 2^${MAX_BATCH_EXPONENT} tasks; got 2^${shown(exponent)}`, {
    details: { exponent: shown(exponent) },
  });
}
