import type { Bytes32 } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import type { SeatKey } from './commitment.ts';
import { encodeWords } from './encodeWords.ts';
import { findOperator, totalWeight, type WeightTree } from './weightTree.ts';

/** Draws made for one seat; where all of them fall on excluded operators the seat stays empty. */
export const MAX_ATTEMPTS = 256;

/** Everything that a draw depends on: nothing of it can be chosen once the seed is known. */
export interface SeatDraw extends SeatKey {
  /** Beacon value that became known after the previous seat's commitment was fixed. */
  readonly seed: Bytes32;
  readonly weights: WeightTree;
  /** Epoch of the seed. */
  readonly epoch: number;
  /** Sits in this batch already, was expelled, is leaving, or has no free capacity; by the block of the seed. */
  readonly isExcluded: (operator: number) => boolean;
}

export interface Candidate {
  readonly operator: number;
  readonly attempt: number;
}

/** keccak256(abi.encode(seed, batch, round, seat, attempt)); modulo the total weight its bias is below 2^-220. */
export function drawValue({ seed, batchId, round, seat }: SeatKey & { readonly seed: Bytes32 }, attempt: number): bigint {
  return BigInt(keccak256(encodeWords(seed, batchId, round, seat, attempt)));
}

/**
 * Operators to whom the seat is offered, one after another: the k-th has the k-th span of time, and nobody is offered it twice.
 * Excluded operators are passed over at once and take no span. Lazy: each step costs a hash and five words.
 */
export function* seatCandidates(draw: SeatDraw): Generator<Candidate, void> {
  const total = totalWeight(draw.weights, draw.epoch);
  if (total === 0) return;
  const offered = new Set<number>();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const operator = findOperator(draw.weights, Number(drawValue(draw, attempt) % BigInt(total)), draw.epoch);
    if (offered.has(operator) || draw.isExcluded(operator)) continue;
    offered.add(operator);
    yield { operator, attempt };
  }
}

/**
 * Operator to whom the seat belongs in span `slot`; undefined when the attempts are used up before.
 * @param slot whole number from 0; `seatSlot` gives it for a time
 */
export function drawSeat(draw: SeatDraw, slot: number): Candidate | undefined {
  let at = 0;
  for (const candidate of seatCandidates(draw)) {
    if (at === slot) return candidate;
    at += 1;
  }
  return undefined;
}

/**
 * Operators of a committee whose seats are all drawn from one seed: seat after seat, nobody twice.
 * Shorter than asked when the set is used up.
 */
export function drawCommittee(draw: SeatDraw, size: number): number[] {
  const members: number[] = [];
  for (let seat = draw.seat; seat < draw.seat + size; seat += 1) {
    const isExcluded = (operator: number): boolean => members.includes(operator) || draw.isExcluded(operator);
    const first = drawSeat({ ...draw, seat, isExcluded }, 0);
    if (first === undefined) break;
    members.push(first.operator);
  }
  return members;
}
