import { type Address, type Bytes32, GleanerError, type UnixSeconds } from '@gleaner/primitives';
import { maxSeats } from '../acceptance.ts';
import type { BatchId } from '../batches.ts';
import type { Seal } from '../commitment.ts';
import { escrowFor, MAX_SCHEDULER_PERCENT, silencePenalty, stepFees, type TaskPrices } from '../price.ts';
import { type RefereeRule, refereeRule } from '../referee.ts';
import { SAMPLING_UNIT } from '../sampling.ts';
import type { HostileShare } from '../shares.ts';
import type { WeightTree } from '../weightTree.ts';
import type { Ledger } from './ledger.ts';

/** Frozen when the deal is made. */
export interface BatchTerms {
  readonly batchId: BatchId;
  readonly trust: number;
  readonly share: HostileShare;
  /** Credibility counts as 0. */
  readonly withoutHistory: boolean;
  readonly prices: TaskPrices;
  readonly tasks: bigint;
  /** T of the category, in seconds. */
  readonly timeref: bigint;
  /** In 1/65536: `samplingRate`. */
  readonly samplingRate: number;
  /** 0 … 20. */
  readonly schedulerPercent: bigint;
  /** Paid at once to whoever carries a step. */
  readonly stepFee: bigint;
  /** S of the class, at least 1. */
  readonly seatBond: bigint;
  /** Constant of the class in `silencePenalty`. */
  readonly silenceConstant: bigint;
  /** What a dispute in the window costs its author up front; it pays the referees when the author is wrong. */
  readonly disputeBond: bigint;
  /** Seconds from a commitment to the block of the next seed, at least 1. */
  readonly seedDelay: bigint;
}

/** What follows from the terms; made once. */
export interface BatchRules {
  readonly referees: RefereeRule;
  readonly maxSeats: number;
  /** Of one seat, and of one execution by a referee. */
  readonly pay: bigint;
  readonly silencePenalty: bigint;
}

/** Its bond is in the ledger, under `bond:<index>`. */
export interface OperatorAccount {
  readonly address: Address;
  readonly credibility: Readonly<Record<HostileShare, number>>;
  /** Seats of other batches that it has committed and not opened. */
  readonly openElsewhere: number;
  /** Attempts that it may still decline in this epoch without a penalty. */
  readonly freeDeclines: number;
  readonly expelledAt?: UnixSeconds;
}

/** Made by a commitment; seats of earlier rounds stay, and stay liable. */
export interface Seat {
  readonly round: number;
  /** From 1, in the order of drawing in its round. */
  readonly seat: number;
  readonly operator: number;
  readonly seal: Seal;
  readonly seedAt: UnixSeconds;
  readonly attempt: number;
  /** Was not ready to open: replaced and unpaid, but it must open as all others must. */
  readonly givenUp: boolean;
  /** The vote, once opened. */
  readonly root?: Bytes32;
  /** Set when roots of the batch become public: open before this, or be convicted. */
  readonly graceUntil?: UnixSeconds;
  /** K in units as it was judged. */
  readonly judgedWith?: number;
}

/** A seat whose word the record rests on. */
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
  /** Possible dissent that the seats' evidence had to outweigh. */
  readonly passed: number;
  /** Referees' verdicts stand: they are neither judged again nor disputed. */
  readonly by: 'seats' | 'referees';
}

/** One execution by a referee: it counts for every draw of its operator. */
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
  /** `isLate`: closed by the final deadline, so every seat must open, and referees judge what is not enough. */
  | { readonly kind: 'opening'; readonly closedAt: UnixSeconds; readonly isLate: boolean }
  /** Referees are asked which root is right. */
  | {
      readonly kind: 'disputed';
      readonly since: UnixSeconds;
      /** One seed draws all committees of the dispute. */
      readonly seedAt: UnixSeconds;
      /** When the running committee was drawn: the seed's time, or the end of the committee before. */
      readonly committeeAt: UnixSeconds;
      /** Draws of the closed committees. */
      readonly drawn: number;
      readonly votes: readonly Vote[];
      /** Votes of closed committees by root, draws that hit the same operator or a seat of the batch included. */
      readonly tally: ReadonlyMap<Bytes32, number>;
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
  /** From 1. */
  readonly round: number;
  readonly roundStart: UnixSeconds;
  /** Of all rounds. */
  readonly seats: readonly Seat[];
  /**
   * Attempts that passed while something was at stake: of seats ≥ 2 of the first round, of all seats of later ones.
   * They add up over the rounds: C(a + b, a) · C(c + d, c) ≤ C(a + b + c + d, a + c).
   */
  readonly passed: number;
  /** `round:seat:attempt` whose silence was reported. */
  readonly reported: ReadonlySet<string>;
  /** The round's only seat was enough, and the seed asked for another: one opened seat will not do. */
  readonly sampled: boolean;
  /** Disputes so far. */
  readonly disputes: number;
  readonly disputeEnded?: UnixSeconds;
  /** Seats whose pay is in their vault, or was: `round:seat`. */
  readonly paid: ReadonlySet<string>;
  readonly phase: BatchPhase;
  readonly ledger: Ledger;
}

/** Terms that a match would refuse must not begin a batch: it could not end. */
function assertTerms({
  prices,
  tasks,
  timeref,
  samplingRate,
  schedulerPercent,
  stepFee,
  seatBond,
  silenceConstant,
  disputeBond,
  seedDelay,
}: BatchTerms): void {
  const amounts = { app: prices.app, dataset: prices.dataset, workerpool: prices.workerpool, stepFee, silenceConstant, disputeBond };
  const least = { tasks, timeref, seatBond, seedDelay };
  const wrong =
    Object.entries(amounts).find(([, value]) => value < 0n) ??
    Object.entries(least).find(([, value]) => value < 1n) ??
    (schedulerPercent < 0n || schedulerPercent > MAX_SCHEDULER_PERCENT ? ['schedulerPercent', schedulerPercent] : undefined) ??
    (Number.isInteger(samplingRate) && samplingRate >= 0 && samplingRate <= SAMPLING_UNIT ? undefined : ['samplingRate', samplingRate]);
  if (wrong === undefined) return;
  const [field, value] = wrong;
  throw new GleanerError('order-invalid', `${field} of an assured batch is out of range: ${value}`, {
    details: { field, value: String(value) },
  });
}

/** What the sponsor locked for the batch. */
export function batchLock({ prices, tasks, trust, share, stepFee }: BatchTerms): bigint {
  return escrowFor(prices, { tasks, batches: 1n, seats: maxSeats(trust, share), stepFee });
}

/**
 * The batch when its deal is made.
 * @param bonds of the operators, in nano-tokens, in the order of their indices
 * @param fund of the class; it pays referees whom nobody else can
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
  assertTerms(terms);
  const { trust, share, tasks, prices, stepFee, silenceConstant } = terms;
  const seats = maxSeats(trust, share);
  const pay = tasks * prices.workerpool;
  return {
    terms,
    rules: {
      referees: refereeRule(trust, share),
      maxSeats: seats,
      pay,
      silencePenalty: silencePenalty({ pay, constant: silenceConstant }),
    },
    weights,
    operators,
    round: 1,
    roundStart: now,
    seats: [],
    passed: 0,
    reported: new Set(),
    sampled: false,
    disputes: 0,
    paid: new Set(),
    phase: { kind: 'drawing', seedAt: (now + terms.seedDelay) as UnixSeconds },
    ledger: new Map([
      ['lock', pay * BigInt(seats)],
      ['app price', tasks * prices.app],
      ['dataset price', tasks * prices.dataset],
      ['fees', stepFees({ stepFee, seats, batches: 1n })],
      ['fund', fund],
      ...bonds.map((bond, operator): [string, bigint] => [`bond:${operator}`, bond]),
    ]),
  };
}
