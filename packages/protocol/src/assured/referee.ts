import { assertTrust } from './acceptance.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { outOfRange } from './checks/outOfRange.ts';
import { type HostileShare, leastPowerOfOdds } from './shares.ts';

/** A conviction is never less certain than this, however little the deal asks for. */
const LEAST_DISPUTE_TRUST = 1_000_000;
const FIRST_COMMITTEE = 5;

/**
 * Draws after which a dispute without a winner stays undecided: 5 + 10 + 20 + … of this form, the least for which that happens
 * with probability below 10^-4 at f = f̂ and t = 10^6 (`npm run bench -- protocol`, referee).
 */
export const MAX_REFEREE_DRAWS = { standard: 75, high: 315 } as const satisfies Record<HostileShare, number>;

export interface RefereeRule {
  /** Votes that a value needs more than every other. */
  readonly lead: number;
  readonly maxDraws: number;
}

/** Index of the winning value; or that more votes are needed; or that there will be none. */
export type RefereeVerdict = number | 'more' | 'undecided';

/**
 * Lead that decides a dispute: least L with G^L ≥ max(t, 10^6). Referees are drawn with replacement, so votes are hostile with
 * probability f independently, and a wrong value reaches the lead first with probability at most 1/(1 + G^L) when f = f̂
 * (Wald's sequential test). More than two values change nothing: a wrong winner is ahead of the right value by L all the same.
 * @throws {GleanerError} order-invalid for a trust outside 1 … 10^9 or an unknown share
 */
export function refereeLead(trust: number, share: HostileShare): number {
  assertTrust(trust);
  return leastPowerOfOdds(share, BigInt(Math.max(trust, LEAST_DISPUTE_TRUST)));
}

export function refereeRule(trust: number, share: HostileShare): RefereeRule {
  return { lead: refereeLead(trust, share), maxDraws: MAX_REFEREE_DRAWS[share] };
}

/**
 * What the referees' votes decide.
 * @param votes whole numbers, one per value, zeros allowed, multiplicity counted; of closed committees only
 * @param drawn draws of those committees, silent ones included; at least the sum of the votes
 * @throws {GleanerError} bad-request for other numbers
 * Cost: linear in the number of values.
 */
export function refereeVerdict(votes: readonly number[], drawn: number, { lead, maxDraws }: RefereeRule): RefereeVerdict {
  assertRule(lead, maxDraws);
  let sum = 0;
  let best = -1;
  let most = 0;
  let next = 0;
  for (let value = 0; value < votes.length; value += 1) {
    const count = votes[value] as number;
    assertWhole('votes', count, 0, Number.MAX_SAFE_INTEGER);
    sum += count;
    if (count > most) {
      next = most;
      most = count;
      best = value;
    } else if (count > next) next = count;
  }
  assertWhole('drawn', drawn, 0, Number.MAX_SAFE_INTEGER);
  if (drawn < sum) throw outOfRange('drawn', drawn, `at least the ${sum} votes`);
  if (most - next >= lead) return best;
  return drawn >= maxDraws ? 'undecided' : 'more';
}

/**
 * Draws of the next committee: 5, 10, 20, 40, … up to the limit; 0 when the limit is reached.
 * @param drawn whole number from 0
 * @throws {GleanerError} bad-request for another
 */
export function nextCommittee(drawn: number, { lead, maxDraws }: RefereeRule): number {
  assertRule(lead, maxDraws);
  assertWhole('drawn', drawn, 0, Number.MAX_SAFE_INTEGER);
  return Math.max(0, Math.min(drawn + FIRST_COMMITTEE, maxDraws - drawn));
}

function assertRule(lead: number, maxDraws: number): void {
  assertWhole('lead', lead, 1, 65_535);
  assertWhole('maxDraws', maxDraws, 1, 65_535);
}
