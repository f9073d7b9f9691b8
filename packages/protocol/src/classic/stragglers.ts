import type { UnixSeconds } from '@gleaner/primitives';
import { larger, smaller } from '../uint256.ts';
import { contributionsOf, pendingReplicates } from './replicatesNeeded.ts';
import type { ReplicateView, TaskView } from './TaskView.ts';

/** A replicate that takes so many times as long as the slowest that has contributed is late. */
const TIMES_SLOWEST = 3n;

/**
 * Seconds from the offer after which a replicate is not counted on any more, though it may still contribute: somebody else is asked beside it,
 * so that one who says nothing, or says that he is at work and never ends, holds up nobody for long.
 * Three times what the slowest contribution of this task took, `straggle` at least; while there is none, half of what is allowed at most.
 */
export function patienceWith(view: TaskView): bigint {
  const { straggle, compute } = view.limits;
  const contributed = new Set(contributionsOf(view).map(({ worker }) => worker));
  const taken = view.replicates.filter(({ worker }) => contributed.has(worker)).map(({ offeredAt, statusAt }) => statusAt - offeredAt);
  const usual = taken.length === 0 ? compute / 2n : taken.reduce(larger, 0n) * TIMES_SLOWEST;
  return smaller(larger(usual, straggle), compute);
}

/** Pending replicates that may still be counted on, in their order. */
export function promptReplicates(view: TaskView, now: UnixSeconds): readonly ReplicateView[] {
  const patience = patienceWith(view);
  return pendingReplicates(view).filter(({ offeredAt }) => now < offeredAt + patience);
}

/** Pending replicates that are not counted on any more. */
export function lateReplicates(view: TaskView, now: UnixSeconds): readonly ReplicateView[] {
  const patience = patienceWith(view);
  return pendingReplicates(view).filter(({ offeredAt }) => now >= offeredAt + patience);
}
