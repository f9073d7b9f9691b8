import type { DealId, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { Candidate } from './domain/decideClaims.ts';

/** A task that the ledger holds for overdue. */
export interface Overdue {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
}

export interface OverdueSource {
  /** At most `limit` of each kind, the longest overdue first. What the ledger has not seen yet is missing, what it saw too early may be no longer true. */
  initialized(now: UnixSeconds, limit: number): Promise<Overdue[]>;
  neverInitialized(now: UnixSeconds, limit: number): Promise<Overdue[]>;
}

/** The chain as the keeper sees and changes it. */
export interface ClaimChain {
  /** Time of the head. */
  now(): Promise<UnixSeconds>;
  /** The tasks as they are at the head; those of unknown deals are left out. */
  read(tasks: readonly Overdue[]): Promise<Candidate[]>;
  /** Whether transactions of the keeper are still in flight, also of a process before this one. */
  isBusy(): Promise<boolean>;
  /** One transaction, sent once whatever crashes; resolves when it is mined. Fails with the failures of a sender. */
  claim(tasks: readonly Candidate[]): Promise<void>;
  initializeAndClaim(tasks: readonly Candidate[]): Promise<void>;
}
