import { type Bytes32, GleanerError, type UnixSeconds } from '@gleaner/primitives';
import type { Seal } from '../seal.ts';
import type { BatchState, DisputeClaim, Vote } from './BatchState.ts';

interface Step {
  /** Time of its block; not before the last message. */
  readonly now: UnixSeconds;
  /** Whoever sends it. */
  readonly carrier: string;
}

/**
 * One message to the batch. `seed` is the beacon's value for the height that the preceding commitment fixed: whoever applies the event
 * has proven it, and the signature of a commitment.
 */
export type BatchEvent = Step &
  (
    | { readonly kind: 'commit'; readonly operator: number; readonly seal: Seal; readonly seed: Bytes32 }
    /** An attempt of the running seat, or of one that was taken by a later attempt. `declined`: its operator signed that it declines. */
    | {
        readonly kind: 'reportPassed';
        readonly seat: number;
        readonly attempt: number;
        readonly declined: boolean;
        readonly seed: Bytes32;
      }
    /** Opens some or all seats that voted for one root; the seed is needed where it decides that the first seat is not sampled. */
    | {
        readonly kind: 'open';
        readonly root: Bytes32;
        readonly traceRoot: Bytes32;
        readonly salts: readonly { readonly round: number; readonly seat: number; readonly salt: Bytes32 }[];
        readonly seed?: Bytes32;
      }
    /** The time to get ready is over: seats of the round that are not among those shown to be ready are given up. */
    | { readonly kind: 'replaceUnready'; readonly ready: readonly number[]; readonly seed?: Bytes32 }
    | { readonly kind: 'convictUnopened'; readonly round: number; readonly seat: number }
    | { readonly kind: 'closeLate' }
    | ({ readonly kind: 'dispute' } & DisputeClaim)
    /**
     * The committee closes whose draws begin with this number: votes of all its operators who are new in this dispute and not silent,
     * opened together. Without the number a repeated message would close the next one, where that asks nobody new.
     */
    | { readonly kind: 'referees'; readonly first: number; readonly votes: readonly Vote[]; readonly seed: Bytes32 }
    /** The dispute's time is over. */
    | { readonly kind: 'settleDispute' }
    /** An operator was convicted over another batch; `compensation` is what its bond leaves for this one. */
    | { readonly kind: 'convictedElsewhere'; readonly operator: number; readonly compensation: bigint }
    /** The operator's unopened seats in other batches are so many now. */
    | { readonly kind: 'seatsElsewhere'; readonly operator: number; readonly open: number }
    | { readonly kind: 'judgeAgain' }
    | { readonly kind: 'release' }
  );

export type EventNamed<K extends BatchEvent['kind']> = Extract<BatchEvent, { kind: K }>;

export type Refusal =
  /** A field is missing, of another type or out of its range. */
  | 'malformed'
  /** The message comes from before the last one. */
  | 'time-reversed'
  | 'no-such-operator'
  | 'wrong-phase'
  | 'too-early'
  | 'too-late'
  | 'not-drawn'
  | 'expelled'
  /** Out of the draws after three silences. */
  | 'out'
  | 'full'
  | 'not-funded'
  | 'set-closed'
  | 'set-not-closed'
  | 'roots-public'
  | 'all-ready'
  | 'no-such-seat'
  | 'opened-already'
  | 'reported-already'
  | 'seal-differs'
  | 'committee-differs'
  | 'bond-missing'
  | 'nothing-to-dispute'
  | 'verdict-stands'
  | 'signer-convicted'
  | 'nobody-convicted';

/** New state; or why the batch refuses the message, which then changes nothing. */
export type BatchOutcome = { readonly state: BatchState } | { readonly refused: Refusal };

/** Leaves a transition the way a revert does; `applyBatchEvent` turns it into a value. */
export class EventRefused extends GleanerError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super('chain-reverted', `The batch refuses the message: ${refusal}`, { details: { refusal } });
    this.name = 'EventRefused';
    this.refusal = refusal;
  }
}

export function demand(condition: boolean, refusal: Refusal): asserts condition {
  if (!condition) throw new EventRefused(refusal);
}
