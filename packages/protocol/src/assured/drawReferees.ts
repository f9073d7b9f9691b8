import type { Bytes32 } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { assertWord } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import type { SeatDraw } from './drawSeat.ts';
import { encodeWords } from './encodeWords.ts';
import { findOperator, totalWeight } from './weightTree.ts';

/** Draws are numbered in 16 bits. */
const MAX_DRAW = 65_535;

/**
 * keccak256(abi.encode(seed, dispute, draw)): referees are drawn with replacement, so nobody is skipped.
 * @param draw 0 … 65 535
 * @throws {GleanerError} bad-request for another, or for what is no seed or no dispute
 */
export function refereeDrawValue(seed: Bytes32, disputeId: Bytes32, draw: number): bigint {
  assertWord('seed', seed);
  assertWord('disputeId', disputeId);
  assertWhole('draw', draw, 0, MAX_DRAW);
  return BigInt(keccak256(encodeWords(seed, disputeId, draw)));
}

/**
 * Operators of a committee, one for each draw: from the whole class, so some may be named twice, and some sit in the batch.
 * Empty where the class has no weight.
 * @param first number of the committee's first draw, from 0
 * @param size draws, from 0; with `first` at most 65 536
 * @throws {GleanerError} bad-request for others, or for what is no seed, no dispute or no epoch
 */
export function drawReferees(
  { weights, epoch, seed, disputeId }: Pick<SeatDraw, 'weights' | 'epoch' | 'seed'> & { readonly disputeId: Bytes32 },
  { first, size }: { readonly first: number; readonly size: number },
): number[] {
  assertWord('seed', seed);
  assertWord('disputeId', disputeId);
  assertWhole('first', first, 0, MAX_DRAW);
  assertWhole('size', size, 0, MAX_DRAW + 1 - first);
  const total = BigInt(totalWeight(weights, epoch));
  if (total === 0n) return [];
  return Array.from({ length: size }, (_, at) =>
    findOperator(weights, Number(refereeDrawValue(seed, disputeId, first + at) % total), epoch),
  );
}
