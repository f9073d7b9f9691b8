import type { HostileShare } from '@gleaner/protocol';
import type { Attack } from './attacks.ts';
import type { RuleVariant } from './ruleVariants.ts';

export type PolicyName = 'm-first' | 'spot-check' | 'boinc' | 'poco' | 'sarmenta' | 'assured';

/** What the published study left out; everything is off unless told. */
export interface World {
  /** Operators with stakes 1 : 2 : … : 10 in equal numbers; otherwise all stakes are equal. */
  readonly unequalStakes?: boolean;
  /** Identities into which a hostile operator splits its stake; 1 unless told. */
  readonly hostileSplit?: number;
  /** Probability that an honest operator that was drawn has no free capacity. */
  readonly busy?: number;
  /** Probability that an operator that was drawn does not commit before its deadline. */
  readonly silent?: number;
  /** Probability that a seat cannot be opened in time; its operator opens within the grace period. */
  readonly unopened?: number;
  /** Part of the fleet replaced by newcomers without history in 1 000 draws. */
  readonly churn?: number;
  /** Share of the fleet that fails alike, and how often: one equal wrong answer on these draws. */
  readonly faultyShare?: number;
  readonly faultRate?: number;
  /** Spread of speeds (standard deviation of the logarithm) and length of a block; the median execution is 1. */
  readonly timing?: { readonly spread: number; readonly block: number };
}

/** One cell of a table: a policy against an attack. Plain data, so that it can be sent to another thread. */
export interface Cell {
  readonly table: string;
  /** Extra labels of the row. */
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly policy: PolicyName;
  /** ε = 1/trust. */
  readonly trust: number;
  /** Design share of `assured`; the other policies have none. */
  readonly share: HostileShare;
  /** Hostile share f of the stake. */
  readonly f: number;
  readonly operators: number;
  /** Draws of one repetition. */
  readonly draws: number;
  readonly repetitions: number;
  readonly attack: Attack;
  /** Reversal window in draws; 0 for none. */
  readonly window: number;
  /** In 1/65536. */
  readonly samplingRate: number;
  readonly world?: World;
  /** Rule of the assured policy; the protocol's unless told. */
  readonly variant?: RuleVariant;
  /** Points of the time line to keep; 0 for none. */
  readonly samples?: number;
}

/** What happened in all repetitions of a cell; sums, so that they can be added. */
export interface Tally {
  /** Draws that were started, reopened ones not counted again. */
  draws: number;
  /** Accepted and standing at the end. */
  accepted: number;
  /** Without a result: refunded. */
  voids: number;
  /** Accepted, wrong and standing at the end. */
  errors: number;
  /** Wrong and accepted at some time: `errors` and those reversed. */
  everWrong: number;
  /** Everything anybody ran: seats, referees, checks, reruns. */
  executions: number;
  /** Executions and standing acceptances of the last quarter of the draws. */
  lateExecutions: number;
  lateAccepted: number;
  sampled: number;
  disputes: number;
  refereeVotes: number;
  reopened: number;
  convictedHostile: number;
  convictedHonest: number;
  /** Of hostile operators: seats and referee votes paid and not forfeited, executions really done, all seats and votes. */
  hostilePaid: number;
  hostileExecuted: number;
  hostileSeats: number;
  /** Losing votes of hostile operators where no bond is lost (`poco`). */
  hostileLost: number;
}

export const emptyTally = (): Tally => ({
  draws: 0,
  accepted: 0,
  voids: 0,
  errors: 0,
  everWrong: 0,
  executions: 0,
  lateExecutions: 0,
  lateAccepted: 0,
  sampled: 0,
  disputes: 0,
  refereeVotes: 0,
  reopened: 0,
  convictedHostile: 0,
  convictedHonest: 0,
  hostilePaid: 0,
  hostileExecuted: 0,
  hostileSeats: 0,
  hostileLost: 0,
});

export function addTally(sum: Tally, more: Tally): void {
  for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += more[key];
}

/** A point of the time line: sums up to this draw. */
export interface Sample {
  readonly draws: number;
  readonly errors: number;
  readonly accepted: number;
}

export interface CellOutcome {
  readonly tally: Tally;
  readonly samples: readonly Sample[];
  /** Times to acceptance in median executions, a uniform sample; empty without timing. */
  readonly latencies: readonly number[];
  /** Seconds of one core. */
  readonly seconds: number;
}
