import type { UnixSeconds } from '@gleaner/primitives';
import { larger } from '../uint256.ts';
import { assertTime, assertTimeref } from './checks/assertTime.ts';
import { assertWhole } from './checks/assertWhole.ts';

const MINUTE = 60n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Pay vests, and an accepted batch can be disputed, for so long. */
const DISPUTE_WINDOW = 14n * DAY;
/** The window does not end before so long after the end of the last dispute. */
const WINDOW_AFTER_DISPUTE = DAY;
/** Six committees of 2T each, and one T for seed and carriers. */
const LONGEST_DISPUTE_TIMEREFS = 13n;
/** Beside the window and two disputes. */
const UNBONDING_RESERVE = 2n * DAY;
/** A seat that is not opened with the others may still open by itself. */
const OPENING_GRACE = DAY;
const SHORTEST_OPENING = 10n * MINUTE;
/** Weights of the draws are frozen for an epoch. */
const EPOCH = 6n * HOUR;

/** Attempts are numbered in 16 bits. */
export const MAX_ATTEMPT = 65_535;

function at(start: UnixSeconds, span: bigint): UnixSeconds {
  assertTime('time', start);
  return (start + span) as UnixSeconds;
}

/** Time for which a seat belongs to one operator: 2T. */
function seatSpan(timeref: bigint): bigint {
  assertTimeref(timeref);
  return 2n * timeref;
}

/*
 * Times are 0 … 2^48 − 1, time references 1 … 2^32 − 1 seconds: everything here throws a GleanerError, bad-request, for others.
 */

/**
 * Attempt that has its time now: the k-th has [seed + k·2T, seed + (k + 1)·2T), k from 0.
 * @returns undefined before the seed's block
 */
export function attemptAt(seedAt: UnixSeconds, timeref: bigint, now: UnixSeconds): number | undefined {
  assertTime('seedAt', seedAt);
  assertTime('now', now);
  const span = seatSpan(timeref);
  return now < seedAt ? undefined : Number((now - seedAt) / span);
}

/** First moment at which the seat belongs to that attempt. @param attempt 0 … 65 535 */
export function attemptStart(seedAt: UnixSeconds, timeref: bigint, attempt: number): UnixSeconds {
  assertWhole('attempt', attempt, 0, MAX_ATTEMPT);
  return at(seedAt, BigInt(attempt) * seatSpan(timeref));
}

/** First moment at which the seat no longer belongs to that attempt. @param attempt 0 … 65 535 */
export function attemptDeadline(seedAt: UnixSeconds, timeref: bigint, attempt: number): UnixSeconds {
  assertWhole('attempt', attempt, 0, MAX_ATTEMPT);
  return at(seedAt, BigInt(attempt + 1) * seatSpan(timeref));
}

/** Seats must be ready to open before this: max(T/2, 10 minutes) after the set closed; T/2 rounded down. */
export function openingDeadline(closedAt: UnixSeconds, timeref: bigint): UnixSeconds {
  assertTimeref(timeref);
  return at(closedAt, larger(timeref / 2n, SHORTEST_OPENING));
}

/** Before this a seat may still open once roots of its batch are public; unopened from here on it is convicted. */
export function graceDeadline(openingEnded: UnixSeconds): UnixSeconds {
  return at(openingEnded, OPENING_GRACE);
}

/** Spans of 2T that a round has for all its seats: 2 · maxSeats + 4. @param maxSeats 1 … 255 */
export function roundSpans(maxSeats: number): number {
  assertWhole('maxSeats', maxSeats, 1, 255);
  return 2 * maxSeats + 4;
}

/** From here on a batch that is not accepted is closed late: 2T · (2 · maxSeats + 4) after its round began. */
export function batchDeadline(roundStart: UnixSeconds, timeref: bigint, maxSeats: number): UnixSeconds {
  return at(roundStart, seatSpan(timeref) * BigInt(roundSpans(maxSeats)));
}

/**
 * From here on an accepted batch is final: 14 days after its acceptance, and 24 hours after its last dispute.
 * @param disputeEnded absent when there was none
 */
export function windowEnd(acceptedAt: UnixSeconds, disputeEnded?: UnixSeconds): UnixSeconds {
  const vested = at(acceptedAt, DISPUTE_WINDOW);
  return disputeEnded === undefined ? vested : (larger(vested, at(disputeEnded, WINDOW_AFTER_DISPUTE)) as UnixSeconds);
}

/** From here on a committee counts without those who have not voted: 2T after it was drawn. */
export function committeeDeadline(drawnAt: UnixSeconds, timeref: bigint): UnixSeconds {
  return at(drawnAt, seatSpan(timeref));
}

/** From here on a dispute without a verdict is undecided: 13T. */
export function disputeDeadline(disputedAt: UnixSeconds, timeref: bigint): UnixSeconds {
  assertTimeref(timeref);
  return at(disputedAt, LONGEST_DISPUTE_TIMEREFS * timeref);
}

/** From here on the bond of an operator that left is free: 14 days, two disputes, 2 days. */
export function unbondedAt(leftAt: UnixSeconds, timeref: bigint): UnixSeconds {
  assertTimeref(timeref);
  return at(leftAt, DISPUTE_WINDOW + 2n * LONGEST_DISPUTE_TIMEREFS * timeref + UNBONDING_RESERVE);
}

/** Epoch of a time: the number of six-hour spans since 1970. */
export function epochOf(time: UnixSeconds): number {
  assertTime('time', time);
  return Number(time / EPOCH);
}
