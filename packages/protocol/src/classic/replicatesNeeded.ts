import type { Address, Bytes32 } from '@gleaner/primitives';
import { larger, withoutPanic } from '../uint256.ts';
import { addVote, consensusReached, type Votes, workerWeight } from './consensus.ts';
import { isDropped } from './replicateStatus.ts';
import type { ContributionView, ReplicateView, TaskView } from './TaskView.ts';

/** Votes of a task, as the contract counts them: groups multiply, rejected ones are gone. */
export interface Tally {
  readonly groups: ReadonlyMap<Bytes32, bigint>;
  readonly total: bigint;
  /** Contributions of the most voted result, by number. */
  readonly agreeing: number;
}

/** @throws {SolidityPanic} where the contract overflows */
export function tally(contributions: readonly ContributionView[]): Tally {
  const groups = new Map<Bytes32, bigint>();
  const counts = new Map<Bytes32, number>();
  let total = 1n;
  for (const { status, resultHash, score } of contributions) {
    if (status === 'rejected') continue;
    const votes = addVote({ group: groups.get(resultHash) ?? 0n, total }, workerWeight(score));
    groups.set(resultHash, votes.group);
    counts.set(resultHash, (counts.get(resultHash) ?? 0) + 1);
    total = votes.total;
  }
  return { groups, total, agreeing: Math.max(0, ...counts.values()) };
}

export function contributionsOf({ chain }: TaskView): readonly ContributionView[] {
  return chain.status === 'active' || chain.status === 'revealing' ? chain.contributions : [];
}

/** Replicates whose contribution may still come: under way in the pool and not yet seen on chain, whatever the worker says it has sent. */
export function pendingReplicates(view: TaskView): readonly ReplicateView[] {
  const contributed = new Set(contributionsOf(view).map(({ worker }) => worker));
  return view.replicates.filter(({ worker, status }) => !isDropped(status) && status !== 'completed' && !contributed.has(worker));
}

/** Wallets that may not be given the task again. */
export function triedWorkers(view: TaskView): readonly Address[] {
  return [...new Set([...view.replicates.map(({ worker }) => worker), ...contributionsOf(view).map(({ worker }) => worker)])];
}

/**
 * How many more workers to ask, so that the consensus is reached if those that can be counted on and those asked all agree with the
 * most voted result: never more than that, at most the number of free candidates.
 * @param counted of the pending replicates; all unless told
 */
export function replicatesNeeded(view: TaskView, counted = pendingReplicates(view)): number {
  const tried = new Set(triedWorkers(view));
  const candidates = distinct(view.candidates).filter(({ worker }) => !tried.has(worker));
  const pending = distinct(counted);
  // On a panic no contribution can be made at this trust: the task ends by its deadline.
  return withoutPanic(() => missingVotes(view, pending, candidates)) ?? 0;
}

type Voter = { readonly worker: Address; readonly score: bigint };

const distinct = <V extends Voter>(voters: readonly V[]): V[] => [...new Map(voters.map((voter) => [voter.worker, voter])).values()];

function missingVotes(view: TaskView, pending: readonly Voter[], candidates: readonly Voter[]): number {
  const { groups, total } = tally(contributionsOf(view));
  let votes: Votes = { group: [...groups.values()].reduce(larger, 0n), total };
  for (const { score } of pending) {
    votes = addVote(votes, workerWeight(score));
    if (consensusReached({ ...votes, trust: view.trust })) return 0;
  }
  // Votes on chain alone never settle an active task: only a new contribution makes the contract count again.
  let needed = 0;
  for (const { score } of candidates) {
    votes = addVote(votes, workerWeight(score));
    needed += 1;
    if (consensusReached({ ...votes, trust: view.trust })) break;
  }
  return needed;
}
