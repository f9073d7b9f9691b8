import type { Bytes32 } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import type { SeatKey } from './commitment.ts';
import { encodeWords } from './encodeWords.ts';
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

/** keccak256(abi.encode(seed, batch, round, seat, attempt, skip)); modulo the total weight its bias is below 2^-220. */
export function drawValue(
  { seed, batchId, round, seat }: SeatKey & { readonly seed: Bytes32 },
  { attempt, skip }: { readonly attempt: number; readonly skip: number },
): bigint {
  return BigInt(keccak256(encodeWords(seed, batchId, round, seat, attempt, skip)));
}

/**
 * Operator to whom the seat belongs in this attempt; undefined where the class has no weight or only excluded operators.
 * Attempts are drawn independently: the same operator may be drawn for two attempts of one seat.
 * Cost: a hash and five words for every skip.
 */
export function drawSeat(draw: SeatDraw, attempt: number): Candidate | undefined {
  const total = BigInt(totalWeight(draw.weights, draw.epoch));
  if (total === 0n) return undefined;
  for (let skips = 0; skips < MAX_SKIPS; skips += 1) {
    const operator = findOperator(draw.weights, Number(drawValue(draw, { attempt, skip: skips }) % total), draw.epoch);
    if (!draw.isExcluded(operator)) return { operator, attempt, skips };
  }
  return undefined;
}

/** keccak256(abi.encode(seed, dispute, draw)): referees are drawn with replacement, so nobody is skipped. */
export function refereeDrawValue(seed: Bytes32, disputeId: Bytes32, draw: number): bigint {
  return BigInt(keccak256(encodeWords(seed, disputeId, draw)));
}

/**
 * Operators of a committee, one for each draw: from the whole class, so some may be named twice, and some sit in the batch.
 * Empty where the class has no weight.
 * @param first number of the committee's first draw, from 0
 */
export function drawReferees(
  { weights, epoch, seed, disputeId }: Pick<SeatDraw, 'weights' | 'epoch' | 'seed'> & { readonly disputeId: Bytes32 },
  { first, size }: { readonly first: number; readonly size: number },
): number[] {
  const total = BigInt(totalWeight(weights, epoch));
  if (total === 0n) return [];
  return Array.from({ length: size }, (_, at) =>
    findOperator(weights, Number(refereeDrawValue(seed, disputeId, first + at) % total), epoch),
  );
}
