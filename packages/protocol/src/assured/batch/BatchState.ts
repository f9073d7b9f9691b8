import type { Address, Bytes32, UnixSeconds } from '@gleaner/primitives';
import { type AcceptanceThresholds, acceptanceThresholds, maxSeats } from '../acceptance.ts';
import type { BatchId } from '../batches.ts';
import type { Seal } from '../commitment.ts';
import { escrowFor, type TaskPrices } from '../price.ts';
import { type RefereeRule, refereeRule } from '../referee.ts';
import type { HostileShare } from '../shares.ts';
import type { WeightTree } from '../weightTree.ts';
import type { Ledger } from './ledger.ts';

/** Frozen when the deal is made. */
export interface BatchTerms {
  readonly batchId: BatchId;
  readonly trust: number;
  readonly share: HostileShare;
  readonly prices: TaskPrices;
  readonly tasks: bigint;
  /** T of the category, in seconds. */
  readonly timeref: bigint;
  /** In 1/65536: `samplingRate`. */
  readonly samplingRate: number;
  /** 0 … 100. */
  readonly schedulerPercent: bigint;
  /** Paid to whoever carries a step. */
  readonly stepFee: bigint;
  /** What a dispute in the window costs its author up front; it pays the referees when the author is wrong. */
  readonly disputeBond: bigint;
  /** Seconds from a commitment to the block of the next seed, at least 1. */
  readonly seedDelay: bigint;
}

/** What follows from the terms; made once. */
export interface BatchRules {
  readonly thresholds: AcceptanceThresholds;
  readonly referees: RefereeRule;
  readonly maxSeats: number;
  /** Of one seat. */
  readonly pay: bigint;
}

/** Its bond is in the ledger, under `bond:<index>`. */
export interface OperatorAccount {
  readonly address: Address;
  readonly credibility: Readonly<Record<HostileShare, number>>;
  readonly expelledAt?: UnixSeconds;
}

/** Made by a commitment. */
export interface Seat {
  readonly operator: number;
  readonly seal: Seal;
  readonly seedAt: UnixSeconds;
  /** Which candidate of the seed it was. */
  readonly slot: number;
  readonly committedBy: string;
  /** The vote, once opened. */
  readonly root?: Bytes32;
  readonly openedBy?: string;
  /** Set when the opening was missed: replaced, unpaid, and convicted unless it opens before this. */
  readonly graceUntil?: UnixSeconds;
}

/** A signer of the record, or of an earlier round that was not enough without somebody convicted. */
export interface Signer {
  readonly round: number;
  readonly seat: number;
  readonly operator: number;
  readonly root: Bytes32;
  /** Units, as they counted at the acceptance. */
  readonly credibility: number;
}

export interface AcceptanceRecord {
  readonly root: Bytes32;
  readonly at: UnixSeconds;
  readonly signers: readonly Signer[];
  /** Referees' verdicts stand: they are neither judged again nor disputed. */
  readonly by: 'seats' | 'referees';
}

export interface Vote {
  readonly operator: number;
  readonly root: Bytes32;
}

export interface DisputeClaim {
  readonly disputer: string;
  readonly root: Bytes32;
}

export type BatchPhase =
  /** The next seat is to be drawn by the seed of this time, or has been: who sits follows from the seed. */
  | { readonly kind: 'drawing'; readonly seedAt: UnixSeconds }
  /** The first seat alone is enough; the seed decides whether another one is drawn. */
  | { readonly kind: 'sampling'; readonly seedAt: UnixSeconds }
  | { readonly kind: 'opening'; readonly closedAt: UnixSeconds }
  | {
      readonly kind: 'disputed';
      readonly since: UnixSeconds;
      /** Seed of the next committee. */
      readonly seedAt: UnixSeconds;
      readonly votes: readonly Vote[];
      /** What is in question when the batch was accepted already. */
      readonly record?: AcceptanceRecord;
      readonly claim?: DisputeClaim;
    }
  | { readonly kind: 'accepted'; readonly record: AcceptanceRecord }
  | { readonly kind: 'final'; readonly record: AcceptanceRecord }
  | { readonly kind: 'void' };

export interface BatchState {
  readonly terms: BatchTerms;
  readonly rules: BatchRules;
  readonly weights: WeightTree;
  readonly operators: readonly OperatorAccount[];
  readonly round: number;
  readonly roundStart: UnixSeconds;
  /** Of this round, in the order of drawing. */
  readonly seats: readonly Seat[];
  readonly earlier: readonly Signer[];
  /** Everybody who ever sat or voted in this batch: fresh operators only. */
  readonly seen: ReadonlySet<number>;
  /** `seat:slot` of this round whose silence was reported. */
  readonly reported: ReadonlySet<string>;
  /** The round's only seat was enough, and the seed asked for another: one opened seat will not do. */
  readonly sampled: boolean;
  readonly phase: BatchPhase;
  readonly ledger: Ledger;
}

/** What the sponsor locked for the batch. */
export function batchLock({ prices, tasks, trust, share }: BatchTerms): bigint {
  return escrowFor(prices, tasks, maxSeats(trust, share));
}

/**
 * The batch when its deal is made.
 * @param bonds of the operators, in nano-tokens, in the order of their indices
 * @param fund of the class; it pays referees who could not decide
 */
export function openBatch(
  terms: BatchTerms,
  {
    weights,
    operators,
    bonds,
    fund,
    now,
  }: {
    readonly weights: WeightTree;
    readonly operators: readonly OperatorAccount[];
    readonly bonds: readonly bigint[];
    readonly fund: bigint;
    readonly now: UnixSeconds;
  },
): BatchState {
  const { trust, share, tasks, prices } = terms;
  return {
    terms,
    rules: {
      thresholds: acceptanceThresholds(trust, share),
      referees: refereeRule(trust, share),
      maxSeats: maxSeats(trust, share),
      pay: tasks * prices.workerpool,
    },
    weights,
    operators,
    round: 0,
    roundStart: now,
    seats: [],
    earlier: [],
    seen: new Set(),
    reported: new Set(),
    sampled: false,
    phase: { kind: 'drawing', seedAt: (now + terms.seedDelay) as UnixSeconds },
    ledger: new Map([
      ['lock', batchLock(terms)],
      ['fund', fund],
      ...bonds.map((bond, operator): [string, bigint] => [`bond:${operator}`, bond]),
    ]),
  };
}
