import type { Address, Bytes32, UnixSeconds } from '@gleaner/primitives';
import type { Seal } from '../seal.ts';
import type { HostileShare } from '../shares.ts';
import type { Silences } from '../silence.ts';
import type { WeightTree } from '../weightTree.ts';
import type { BatchRules, BatchTerms } from './BatchTerms.ts';
import type { Ledger } from './ledger.ts';

/** Its bond is in the ledger, under `bond:<index>`. */
export interface OperatorAccount {
  readonly address: Address;
  readonly credibility: Readonly<Record<HostileShare, number>>;
  /** Seats of other batches that it has committed and not opened. */
  readonly openElsewhere: number;
  /** Attempts that it may still decline in this epoch without a penalty. */
  readonly freeDeclines: number;
  readonly silences: Silences;
  /** Out of the draws after three silences: its bond stays, and it opens what it has committed. */
  readonly outAt?: UnixSeconds;
  /** Since when its open seats have been as many as its bond backs, the last time; it still is full unless `fullUntil` is set. */
  readonly fullSince?: UnixSeconds;
  readonly fullUntil?: UnixSeconds;
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
  /** Time of the last message; none comes from before it. */
  readonly at: UnixSeconds;
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
