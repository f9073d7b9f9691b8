import { GleanerError } from '@gleaner/primitives';
import { assertWhole } from './checks/assertWhole.ts';
import { shown } from './checks/shown.ts';
import { CREDIBILITY_UNIT } from './credibility.ts';
import { type HostileShare, honestOdds, leastPowerOfOdds } from './shares.ts';

/** Trust t asks for an error of at most ε = 1/t per batch. */
const MIN_TRUST = 1;
const MAX_TRUST = 1_000_000_000;

/** e from below; the truncation is below 3.1e-7 of e and always asks for more credibility, never for less. */
const E_NUMERATOR = 2_718_281n;
const E_DENOMINATOR = 1_000_000n;

/** No sum of credibility reaches this: 64 seats of 32 bits each. Entries above it read Infinity. */
const CREDIBILITY_CEILING = 2n ** 38n;
/** Seats of a batch, 8 bits for the round and 8 for the seat on chain. */
const MAX_SEATS = 65_535;
/** Passed attempts of a round, 8 bits on chain. */
export const MAX_PASSED = 255;

/**
 * Least ΣK, in units of 1/4096 check, that is enough with n unanimous seats: entry n.
 * Entry 0 is Infinity (no seats are never enough), as is what no credibility reaches; the last entry is 0, and so is all beyond it.
 */
export type AcceptanceThresholds = readonly number[];

/**
 * The cartel rule as a table: n unanimous seats with credibility K_1 … K_n are enough when
 * G^n · max(1, e · ΣK) ≥ t · C(n − 1 + k, k).
 * A group of n members that cheats in step escapes with probability at most (1/G)^n / (e · ΣK), whatever its rate. Who can silence the
 * operators of k draws picks the best n − 1 of n − 1 + k: union bound. Seat 1 is not among them: nothing is at stake before it.
 * Without passed attempts more seats never ask for more; with them a second seat may (the first alone needs no such choice).
 * @param trust whole number from 1 to 10^9; 1/trust is the error asked for
 * @param passed attempts for seats ≥ 2 (in later rounds for all seats) that passed without a commitment, all rounds together, 0 … 255
 * @throws {GleanerError} order-invalid for another trust, share or number of passed attempts
 * Cost: one division of numbers of some hundred bits for each entry.
 */
export function acceptanceThresholds(trust: number, share: HostileShare, passed = 0): AcceptanceThresholds {
  assertTrust(trust);
  assertPassed(passed);
  const { honest, hostile } = honestOdds(share);
  const thresholds = [Number.POSITIVE_INFINITY];
  let odds = 1n;
  let against = BigInt(trust);
  const passes = BigInt(passed);
  // C(n − 1 + k, k), from one n to the next.
  let choices = 1n;
  for (let seats = 1n; ; seats += 1n) {
    odds *= honest;
    against *= hostile;
    const asked = against * choices;
    thresholds.push(odds >= asked ? 0 : leastCredibility(asked, odds));
    const growsFaster = honest * seats >= hostile * (seats + passes);
    if (odds >= asked && growsFaster) return thresholds;
    choices = (choices * (seats + passes)) / seats;
  }
}

/** ⌈asked · 4096 / (odds · e)⌉, or Infinity. */
function leastCredibility(asked: bigint, odds: bigint): number {
  const given = odds * E_NUMERATOR;
  const least = (asked * E_DENOMINATOR * BigInt(CREDIBILITY_UNIT) + given - 1n) / given;
  return least > CREDIBILITY_CEILING ? Number.POSITIVE_INFINITY : Number(least);
}

/**
 * Seats that are enough for strangers when no attempt passes: least n ≥ 1 with G^n ≥ t. 10 (standard) and 23 (high) for t = 10^6.
 * @throws {GleanerError} order-invalid for a trust outside 1 … 10^9 or an unknown share
 */
export function seatsWithoutCredibility(trust: number, share: HostileShare): number {
  assertTrust(trust);
  return Math.max(1, leastPowerOfOdds(share, BigInt(trust)));
}

/** Seats that a deal locks money for beyond those: room for two passed attempts at t = 10^6, and for a sample. */
const SPARE_SEATS = { standard: 4, high: 11 } as const satisfies Record<HostileShare, number>;

/**
 * Most seats of a batch in one round: what a deal locks money for.
 * @throws {GleanerError} order-invalid for a trust outside 1 … 10^9 or an unknown share
 */
export function maxSeats(trust: number, share: HostileShare): number {
  return seatsWithoutCredibility(trust, share) + SPARE_SEATS[share];
}

/**
 * Whether so many unanimous seats with this much credibility together are enough.
 * @param seats whole number from 0
 * @param credibility ΣK in units, a whole number from 0, below 2^53
 * @throws {GleanerError} bad-request for others
 */
export function isEnough(thresholds: AcceptanceThresholds, seats: number, credibility: number): boolean {
  assertWhole('seats', seats, 0, MAX_SEATS);
  assertWhole('credibility', credibility, 0, Number.MAX_SAFE_INTEGER);
  return seats > 0 && (seats >= thresholds.length || credibility >= (thresholds[seats] as number));
}

/** @throws {GleanerError} order-invalid */
export function assertTrust(trust: number): void {
  if (Number.isInteger(trust) && trust >= MIN_TRUST && trust <= MAX_TRUST) return;
  throw new GleanerError('order-invalid', `Trust of an assured deal must be a whole number from 1 to 10^9; got ${shown(trust)}`, {
    details: { trust: shown(trust) },
  });
}

function assertPassed(passed: number): void {
  if (Number.isInteger(passed) && passed >= 0 && passed <= MAX_PASSED) return;
  throw new GleanerError('order-invalid', `Passed attempts must be a whole number from 0 to ${MAX_PASSED}; got ${shown(passed)}`, {
    details: { passed: shown(passed) },
  });
}
