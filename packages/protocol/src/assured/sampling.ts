import type { Bytes32 } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { smaller } from '../uint256.ts';
import type { BatchId } from './batches.ts';
import { assertAmounts } from './checks/assertAmount.ts';
import { assertWord } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { encodeWords } from './encodeWords.ts';
import { type HostileShare, hostileShare } from './shares.ts';

/** A sampling rate is a whole number of 1/65536. */
export const SAMPLING_UNIT = 65_536;
/** 10 %, rounded up: no history and no bond lowers the rate below it. */
export const SAMPLING_FLOOR = 6_554;

/** Amounts of one batch, in nano-tokens. */
export interface AtStake {
  /** What one accepted wrong result of the batch may be worth to somebody outside: g, as the request declares it. */
  readonly value: bigint;
  /** Pay of one seat: R. One execution is taken to cost as much: C = R. */
  readonly pay: bigint;
  /** Bond that the operator loses on conviction: S. */
  readonly bond: bigint;
}

/**
 * How often a batch whose first seat would be enough alone gets a second one.
 * Cheating must not pay: the detection per cheat is d = a·(1 − f̂), and S ≥ ((1 − d)·g + C)/d − R means d ≥ (g + C)/(S + R + g).
 * At 65 536 every batch is checked and the bond may still be too small for the value: `requiredBond` says how much is needed.
 * @returns rate in 1/65536, rounded up; 6 554 … 65 536
 * @throws {GleanerError} bad-request for a negative amount, order-invalid for an unknown share
 */
export function samplingRate({ value, pay, bond, share }: AtStake & { readonly share: HostileShare }): number {
  assertAmounts({ value, pay, bond });
  const { hostile, of } = hostileShare(share);
  const gain = value + pay;
  if (gain === 0n) return SAMPLING_FLOOR;
  const honestLoss = (bond + gain) * (of - hostile);
  const rate = (gain * of * BigInt(SAMPLING_UNIT) + honestLoss - 1n) / honestLoss;
  return Math.max(SAMPLING_FLOOR, Number(smaller(rate, BigInt(SAMPLING_UNIT))));
}

/**
 * Whether the second seat is drawn.
 * @param point whole number below 65 536, equally likely: `samplingPoint`
 * @param rate in 1/65536, 0 … 65 536
 * @throws {GleanerError} bad-request for others
 */
export function isSampled(point: number, rate: number): boolean {
  assertWhole('point', point, 0, SAMPLING_UNIT - 1);
  assertWhole('rate', rate, 0, SAMPLING_UNIT);
  return point < rate;
}

/**
 * Point of a batch for `isSampled`: keccak256(abi.encode(seed, batch, round)) mod 65536.
 * The batch is part of it because batches of one block share their beacon value.
 * @param seed beacon value that became known after the first seat's commitment was fixed
 * @param round 1 … 255
 * @throws {GleanerError} bad-request for others
 */
export function samplingPoint(seed: Bytes32, batchId: BatchId, round: number): number {
  assertWord('seed', seed);
  assertWord('batchId', batchId);
  assertWhole('round', round, 1, 255);
  const hash = keccak256(encodeWords(seed, batchId, round));
  return Number.parseInt(hash.slice(-4), 16);
}
