import type { UnixSeconds } from '@gleaner/primitives';
import { larger } from '../uint256.ts';

const MINUTE = 60n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Pay vests, and an accepted batch can be disputed, for so long. */
export const DISPUTE_WINDOW = 14n * DAY;
/** Longest time from a dispute to its verdict. */
export const LONGEST_DISPUTE = 7n * DAY;
/** A bond is free so long after its operator left, and not before. */
export const UNBONDING = DISPUTE_WINDOW + LONGEST_DISPUTE;
/** An operator that missed the opening may still open by itself. */
export const OPENING_GRACE = DAY;
const SHORTEST_OPENING = 10n * MINUTE;
/** Weights of the draws are frozen for an epoch. */
const EPOCH = 6n * HOUR;

const at = (start: UnixSeconds, span: bigint): UnixSeconds => (start + span) as UnixSeconds;

/** Time for which a seat belongs to one operator: 2T. */
const seatSpan = (timeref: bigint): bigint => 2n * timeref;

/**
 * Which of the candidates of a seat has its time now: the k-th has [seed + k·2T, seed + (k + 1)·2T).
 * @returns undefined before the seed's block
 */
export function seatSlot(seedAt: UnixSeconds, timeref: bigint, now: UnixSeconds): number | undefined {
  return now < seedAt ? undefined : Number((now - seedAt) / seatSpan(timeref));
}

/** First moment at which the seat no longer belongs to that candidate. */
export function seatDeadline(seedAt: UnixSeconds, timeref: bigint, slot: number): UnixSeconds {
  return at(seedAt, BigInt(slot + 1) * seatSpan(timeref));
}

/** Openings are in time before this: max(T/2, 10 minutes) after the set closed; T/2 rounded down. */
export function openingDeadline(closedAt: UnixSeconds, timeref: bigint): UnixSeconds {
  return at(closedAt, larger(timeref / 2n, SHORTEST_OPENING));
}

/** Before this an operator that missed the opening may still open. */
export function graceDeadline(openingEnded: UnixSeconds): UnixSeconds {
  return at(openingEnded, OPENING_GRACE);
}

/** From here on a batch that is not accepted ends in a refund: 2T · (2 · maxSeats + 4) after its round began. */
export function batchDeadline(roundStart: UnixSeconds, timeref: bigint, maxSeats: number): UnixSeconds {
  return at(roundStart, seatSpan(timeref) * BigInt(2 * maxSeats + 4));
}

/** From here on an accepted batch is final. */
export function windowEnd(acceptedAt: UnixSeconds): UnixSeconds {
  return at(acceptedAt, DISPUTE_WINDOW);
}

/** From here on a dispute without a verdict is void. */
export function disputeDeadline(disputedAt: UnixSeconds): UnixSeconds {
  return at(disputedAt, LONGEST_DISPUTE);
}

/** From here on the bond of an operator that left is free. */
export function unbondedAt(leftAt: UnixSeconds): UnixSeconds {
  return at(leftAt, UNBONDING);
}

/** Epoch of a time: the number of six-hour spans since 1970. */
export function epochOf(time: UnixSeconds): number {
  return Number(time / EPOCH);
}
