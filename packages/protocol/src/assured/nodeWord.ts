import { assertAmount } from './checks/assertAmount.ts';
import { assertWhole } from './checks/assertWhole.ts';

/** Children of a node: eight weights of 28 bits, then 32 bits for the epoch from which the word counts. */
export const FAN_OUT = 8;
/** From the root to the nodes that hold operators: room for 8^5 of them. */
export const LEVELS = 5;
const WEIGHT_BITS = 28n;
const EPOCH_SHIFT = 224n;
const WEIGHT_MASK = (1n << WEIGHT_BITS) - 1n;
/** Whole tokens; total of a class. */
export const MAX_TOTAL_WEIGHT = Number(WEIGHT_MASK);
export const MAX_EPOCH = 2 ** 32 - 1;

/**
 * The word of a node: weight of child i at bit 28·i, the epoch above them.
 * @param weights at most eight, whole tokens below 2^28; those left out are 0
 * @param epoch 0 … 2^32 − 1
 * @throws {GleanerError} bad-request for others
 */
export function encodeNode({ epoch, weights }: { readonly epoch: number; readonly weights: readonly number[] }): bigint {
  assertWhole('epoch', epoch, 0, MAX_EPOCH);
  assertWhole('number of weights', weights.length, 0, FAN_OUT);
  return weights.reduce((word, weight, child) => {
    assertWhole('weight', weight, 0, MAX_TOTAL_WEIGHT);
    return word | (BigInt(weight) << (WEIGHT_BITS * BigInt(child)));
  }, BigInt(epoch) << EPOCH_SHIFT);
}

/** @throws {GleanerError} bad-request for what is no word */
export function decodeNode(word: bigint): { epoch: number; weights: number[] } {
  assertAmount('word', word);
  const weights = Array.from({ length: FAN_OUT }, (_, child) => Number((word >> (WEIGHT_BITS * BigInt(child))) & WEIGHT_MASK));
  return { epoch: Number(word >> EPOCH_SHIFT), weights };
}

/** Child whose interval holds the point, and the weight in front of it. @throws {GleanerError} bad-request for a point beyond all of them */
export function childAt(weights: readonly number[], point: number): { child: number; before: number } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  assertWhole('point', point, 0, total - 1);
  let before = 0;
  let child = 0;
  while (point >= before + (weights[child] as number)) {
    before += weights[child] as number;
    child += 1;
  }
  return { child, before };
}
