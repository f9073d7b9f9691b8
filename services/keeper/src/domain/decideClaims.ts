import type { DealId, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { ChainTaskStatus } from '@gleaner/protocol';

/** A task that may be overdue, as the chain shows it. */
export interface Candidate {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  /** `unset`: never initialised, its deadline is that of the deal. */
  readonly status: ChainTaskStatus;
  readonly finalDeadline: UnixSeconds;
}

export interface ClaimView {
  readonly candidates: readonly Candidate[];
  /** Tasks that were refused a moment ago and wait for another try. */
  readonly held: ReadonlySet<TaskId>;
  /** Tasks per transaction. */
  readonly batchSize: number;
}

export interface ClaimPlan {
  /** Initialised tasks, one array per transaction. */
  readonly claims: readonly (readonly Candidate[])[];
  /** Tasks to initialise and claim in one go, one array per transaction. */
  readonly initializeAndClaims: readonly (readonly Candidate[])[];
}

/**
 * Which tasks to refund now: those active or revealing, and those nobody initialised, whose final deadline has passed.
 * The longest overdue first, no task twice. A claim is valid in every block from `now` on, since block times do not go back.
 * @param now time of the chain's head
 * Source: protocol reference 5.8.
 */
export function decideClaims({ candidates, held, batchSize }: ClaimView, now: UnixSeconds): ClaimPlan {
  const due = unique(candidates)
    .filter(({ taskId, finalDeadline }) => finalDeadline <= now && !held.has(taskId))
    .sort(longestOverdueFirst);
  return {
    claims: inBatches(
      due.filter(({ status }) => status === 'active' || status === 'revealing'),
      batchSize,
    ),
    initializeAndClaims: inBatches(
      due.filter(({ status }) => status === 'unset'),
      batchSize,
    ),
  };
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.taskId, candidate])).values()];
}

function longestOverdueFirst(one: Candidate, other: Candidate): number {
  if (one.finalDeadline !== other.finalDeadline) return one.finalDeadline < other.finalDeadline ? -1 : 1;
  return one.taskId < other.taskId ? -1 : 1;
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, batch) => items.slice(batch * size, (batch + 1) * size));
}
