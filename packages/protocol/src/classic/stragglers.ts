import type { UnixSeconds } from '@gleaner/primitives';
import { larger, smaller } from '../uint256.ts';
import { contributionsOf, pendingReplicates } from './replicatesNeeded.ts';
import type { ReplicateView, TaskView } from './TaskView.ts';

/** A replicate that takes so many times as long as others took is late. */
const TIMES_USUAL = 3n;

/**
 * Seconds from the offer after which a replicate is not counted on any more, though it may still contribute: somebody else is asked beside it,
 * so that one who says nothing, or says that he is at work and never ends, holds up nobody for long.
 * Three times what the contributions of this task took (their median, the lower of two), `straggle` at least; while there is none, half of
 * what is allowed.
 */
export function patienceWith(view: TaskView): bigint {
  const { straggle, compute } = view.limits;
  const contributed = new Set(contributionsOf(view).map(({ worker }) => worker));
  const taken = view.replicates.filter(({ worker }) => contributed.has(worker)).map(({ offeredAt, statusAt }) => statusAt - offeredAt);
  const median = taken.sort((a, b) => Number(a - b))[(taken.length - 1) >> 1];
  return smaller(larger(median === undefined ? compute / 2n : median * TIMES_USUAL, straggle), compute);
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
