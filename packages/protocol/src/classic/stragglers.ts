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

/** Replicates that may still be counted on: the pending ones that are not late, and those that have settled the task by themselves. */
export function promptReplicates(view: TaskView, now: UnixSeconds): readonly ReplicateView[] {
  const patience = patienceWith(view);
  const prompt = pendingReplicates(view).filter(({ offeredAt }) => now < offeredAt + patience);
  return [...prompt, ...settledReplicates(view).filter((replicate) => now < endOfTrust(replicate, view))];
}

/** Replicates whose workers say that they have ended the task alone (`contributeAndFinalize`), which the chain does not show yet. */
export function settledReplicates(view: TaskView): readonly ReplicateView[] {
  const contributed = new Set(contributionsOf(view).map(({ worker }) => worker));
  return view.replicates.filter(({ worker, status }) => status === 'completed' && !contributed.has(worker));
}

/** Until when the chain may take to show what such a worker says; after a reorganisation it may never. */
export const endOfTrust = ({ statusAt }: ReplicateView, { limits }: TaskView): bigint => statusAt + limits.silence;

/** Pending replicates that are not counted on any more. */
export function lateReplicates(view: TaskView, now: UnixSeconds): readonly ReplicateView[] {
  const patience = patienceWith(view);
  return pendingReplicates(view).filter(({ offeredAt }) => now >= offeredAt + patience);
}
