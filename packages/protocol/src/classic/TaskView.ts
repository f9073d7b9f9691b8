import type { Address, Bytes32, Cid, ReasonCode, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { ReplicateStatus } from './replicateStatus.ts';

/** One contribution as the chain shows it, in the order of `Task.contributors`. */
export interface ContributionView {
  readonly worker: Address;
  readonly status: 'contributed' | 'proved' | 'rejected';
  readonly resultHash: Bytes32;
  /** The worker's score when it contributed; it decides the weight of its vote. */
  readonly score: bigint;
}

/** The task as the chain shows it at one block. */
export type ChainTaskView =
  | { readonly status: 'unset' }
  | { readonly status: 'completed' }
  | { readonly status: 'failed' }
  | { readonly status: 'active'; readonly contributions: readonly ContributionView[] }
  | {
      readonly status: 'revealing';
      readonly contributions: readonly ContributionView[];
      readonly revealDeadline: UnixSeconds;
      readonly revealCounter: bigint;
      readonly winnerCounter: bigint;
    };

/** One worker's attempt as the pool knows it. Times are the pool's clock. */
export interface ReplicateView {
  readonly worker: Address;
  readonly status: ReplicateStatus;
  /** The worker's score, for the weight its vote is expected to have. */
  readonly score: bigint;
  /** When the task was offered, or when a lost worker came back. */
  readonly offeredAt: UnixSeconds;
  /** When `status` was entered. */
  readonly statusAt: UnixSeconds;
  /** Last sign of life, and not before this scheduler itself began to listen. */
  readonly lastSeenAt: UnixSeconds;
  /** Why it failed; only with status `failed`. */
  readonly failure?: ReasonCode;
}

/** A worker that could be given this task now: connected, idle, with the stake, fit for its tag. */
export interface CandidateView {
  readonly worker: Address;
  readonly score: bigint;
}

/** Transactions of the scheduler or the keeper about this task; each has one idempotency key. */
export const TASK_EFFECTS = ['initialize', 'finalize', 'reopen', 'claim'] as const;
export type TaskEffect = (typeof TASK_EFFECTS)[number];

/** Patience of the pool, in seconds. */
export interface PoolLimits {
  /** A replicate without a sign of life for this long is lost. */
  readonly silence: bigint;
  /** From offer to contribution; then the replicate is lost. */
  readonly compute: bigint;
  /** The same, and the least after which another worker may be asked beside it. */
  readonly straggle: bigint;
  /** From the request of the archive to its arrival. */
  readonly upload: bigint;
}

/** All that decides what the scheduler does next for one task. Addresses of one wallet are spelled the same everywhere in it. */
export interface TaskView {
  readonly taskId: TaskId;
  /** Of the deal, at least 1. */
  readonly trust: bigint;
  /** From `deadlines(…)`; on the chain's clock. */
  readonly contributionDeadline: UnixSeconds;
  readonly finalDeadline: UnixSeconds;
  /** Timestamp of the block at which `chain` was read; of the pending block where the chain mines only on demand. */
  readonly head: UnixSeconds;
  readonly chain: ChainTaskView;
  readonly replicates: readonly ReplicateView[];
  /** Best first. Wallets that already tried this task may be among them; they are left out. */
  readonly candidates: readonly CandidateView[];
  /** The archive a revealed worker uploaded, once it is here; `verified` when its digest is the revealed one. A wrong archive is dropped from the view. */
  readonly archive?: { readonly cid: Cid; readonly verified: boolean };
  /** Set for good once a `giveUp` was recorded. */
  readonly givenUp?: ReasonCode;
  /** Sent and not yet mined. */
  readonly inFlight: readonly TaskEffect[];
  readonly limits: PoolLimits;
}

export interface Expired {
  readonly worker: Address;
  readonly because: 'silent' | 'overdue';
}

/** What to do next; exactly one. Every plan may be applied twice without harm. */
export type TaskPlan =
  /** Send `initialize`. */
  | { readonly kind: 'initialize' }
  /** Give the task to `count` more workers, none of `excluded`. */
  | { readonly kind: 'offer'; readonly count: number; readonly excluded: readonly Address[] }
  /** Nothing to do before `until` on the pool's clock, unless the view changes. */
  | { readonly kind: 'await'; readonly until: UnixSeconds }
  /** Mark these replicates lost. */
  | { readonly kind: 'expire'; readonly replicates: readonly Expired[] }
  /** Ask this worker, who has revealed, for the result archive. */
  | { readonly kind: 'requestUpload'; readonly worker: Address }
  /** Send `finalize` with the link to the archive. */
  | { readonly kind: 'finalize'; readonly cid: Cid }
  /** Send `reopen`: nobody revealed in time. */
  | { readonly kind: 'reopen' }
  /** Record the reason, tell the workers to stop and leave the rest to `claim`. */
  | { readonly kind: 'giveUp'; readonly code: ReasonCode }
  /** Send `claim`, or `initializeAndClaimArray` for a task that was never initialised. */
  | { readonly kind: 'claim'; readonly initializeFirst: boolean }
  /** The chain has ended the task. */
  | { readonly kind: 'done'; readonly outcome: 'completed' | 'failed' };
