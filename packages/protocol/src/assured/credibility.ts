import { assertWhole } from './checks/assertWhole.ts';
import { assertShare, HOSTILE_SHARES, type HostileShare } from './shares.ts';

/** Credibility is counted in 1/4096 of a check. */
export const CREDIBILITY_UNIT = 4_096;
/** 1 048 575.99 checks: 32 bits on chain. */
export const MAX_CREDIBILITY = 2 ** 32 - 1;

/** From 10 seats on, both shares give 4 095 units: 7/20 to the power 9 is below 1/4096. */
const CREDIT_SEATS = 10;

const creditsOf = (share: HostileShare): readonly number[] =>
  Array.from({ length: CREDIT_SEATS + 1 }, (_, seats) => creditOf(share, seats));
const CREDITS: Readonly<Record<HostileShare, readonly number[]>> = { standard: creditsOf('standard'), high: creditsOf('high') };

function creditOf(share: HostileShare, seats: number): number {
  if (seats < 2) return 0;
  const { hostile, of } = HOSTILE_SHARES[share];
  const others = BigInt(seats - 1);
  return Number((BigInt(CREDIBILITY_UNIT) * (of ** others - hostile ** others)) / of ** others);
}

/**
 * What a check by the other seats of a batch is worth: 1 − f̂^(seats − 1) checks, the chance that at least one of the others
 * was honest and would have differed. A batch nobody else worked on proves nothing: 0.
 * @param seats whole number from 0
 * @returns units, rounded down; 0 … 4 095
 * @throws {GleanerError} bad-request for another number of seats, order-invalid for an unknown share
 */
export function checkCredit(share: HostileShare, seats: number): number {
  assertShare(share);
  assertWhole('seats', seats, 0, Number.MAX_SAFE_INTEGER);
  return CREDITS[share][Math.min(seats, CREDIT_SEATS)] as number;
}

/**
 * What the operator of a seat gains when a batch is accepted with so many unanimous seats in its first round and without a dispute.
 * It is earned once per batch, however many tasks that has. Every operator has both counters.
 * - standard: every seat gains the check by the others. Right for cheats whose rate does not depend on their seat.
 * - high: seat 1 alone gains. Seats are public: a cartel may cheat in the first one only, and then checks of later seats cannot fail.
 * @param seat from 1
 * @throws {GleanerError} bad-request for another number, order-invalid for an unknown share
 */
export function creditOfSeat(share: HostileShare, seats: number, seat: number): number {
  assertWhole('seat', seat, 1, Number.MAX_SAFE_INTEGER);
  const credit = checkCredit(share, seats);
  return share === 'high' && seat > 1 ? 0 : credit;
}

/** Credibility after a gain, in units; saturates. Both whole, 0 … 2^32 − 1. @throws {GleanerError} bad-request for others */
export function addCredibility(credibility: number, credit: number): number {
  assertWhole('credibility', credibility, 0, MAX_CREDIBILITY);
  assertWhole('credit', credit, 0, MAX_CREDIBILITY);
  return Math.min(credibility + credit, MAX_CREDIBILITY);
}
