import type { Bytes32 } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { assertWord } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { encodeWords } from './encodeWords.ts';
import { MAX_ATTEMPT } from './schedule.ts';
import { assertSeatKey, type SeatKey } from './seal.ts';
import { findOperator, totalWeight, type WeightTree } from './weightTree.ts';

/** Skips made for one attempt; where all of them fall on excluded operators nobody is drawn, and the attempt passes. */
export const MAX_SKIPS = 256;

/** Everything that a draw depends on: nothing of it can be chosen once the seed is known. */
export interface SeatDraw extends SeatKey {
  /** Beacon value that became known after the previous seat's commitment was fixed. */
  readonly seed: Bytes32;
  readonly weights: WeightTree;
  /** Epoch of the seed. */
  readonly epoch: number;
  /** Sits in this batch, in any round, or was out of the draws before the block of the seed. */
  readonly isExcluded: (operator: number) => boolean;
}

export interface Candidate {
  readonly operator: number;
  /** From 0; its time is `attemptAt`. */
  readonly attempt: number;
  /** Draws of this attempt that fell on excluded operators. */
  readonly skips: number;
}

/**
 * keccak256(abi.encode(seed, batch, round, seat, attempt, skip)); modulo the total weight its bias is below 2^-220.
 * @param attempt 0 … 65 535
 * @param skip 0 … 255
 * @throws {GleanerError} bad-request for others, for what is no seat, or no seed
 */
export function drawValue(
  { seed, batchId, round, seat }: SeatKey & { readonly seed: Bytes32 },
  { attempt, skip }: { readonly attempt: number; readonly skip: number },
): bigint {
  assertSeatKey({ batchId, round, seat });
  assertWord('seed', seed);
  assertWhole('attempt', attempt, 0, MAX_ATTEMPT);
  assertWhole('skip', skip, 0, MAX_SKIPS - 1);
  return BigInt(keccak256(encodeWords(seed, batchId, round, seat, attempt, skip)));
}

/**
 * Operator to whom the seat belongs in this attempt; undefined where the class has no weight or only excluded operators.
 * Attempts are drawn independently: the same operator may be drawn for two attempts of one seat.
 * @param attempt 0 … 65 535
 * @throws {GleanerError} bad-request for another, for what is no seat, no seed or no epoch
 * Cost: a hash and five words for every skip.
 */
export function drawSeat(draw: SeatDraw, attempt: number): Candidate | undefined {
  const first = drawValue(draw, { attempt, skip: 0 });
  const total = BigInt(totalWeight(draw.weights, draw.epoch));
  if (total === 0n) return undefined;
  for (let skips = 0; skips < MAX_SKIPS; skips += 1) {
    const value = skips === 0 ? first : drawValue(draw, { attempt, skip: skips });
    const operator = findOperator(draw.weights, Number(value % total), draw.epoch);
    if (!draw.isExcluded(operator)) return { operator, attempt, skips };
  }
  return undefined;
}
