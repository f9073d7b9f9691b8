import { type Address, assertNever, type ReasonCode, type UnixSeconds } from '@gleaner/primitives';
import { smaller, withoutPanic } from '../uint256.ts';
import { programFailure } from './programFailure.ts';
import { isDropped, isUploading } from './replicateStatus.ts';
import { contributionsOf, pendingReplicates, replicatesNeeded, tally, triedWorkers } from './replicatesNeeded.ts';
import { endOfTrust, patienceWith, promptReplicates, settledReplicates } from './stragglers.ts';
import type { ChainTaskView, Expired, ReplicateView, TaskEffect, TaskPlan, TaskView } from './TaskView.ts';
import { isFinalizable, isUnrevealed } from './taskState.ts';

type Revealing = Extract<ChainTaskView, { status: 'revealing' }>;

/**
 * What the scheduler of the pool does next for one task: a function of the view and the pool's clock alone.
 * Deadlines of the chain are compared with the view's head, patience of the pool with `now`.
 * A task that was given up, or whose final deadline passed, only waits for `claim`.
 */
export function decideTask(view: TaskView, now: UnixSeconds): TaskPlan {
  const { chain } = view;
  if (chain.status === 'completed' || chain.status === 'failed') return { kind: 'done', outcome: chain.status };
  if (view.head >= view.finalDeadline) return sendOnce('claim', { kind: 'claim', initializeFirst: chain.status === 'unset' }, view, now);
  if (view.givenUp !== undefined) return awaitNext(view, now);
  switch (chain.status) {
    case 'unset':
      return decideUnset(view, now);
    case 'active':
      return decideRunning(view, now);
    case 'revealing':
      return decideRevealing(chain, view, now);
    default:
      return assertNever(chain);
  }
}

/** The plan, unless its transaction is under way. */
function sendOnce(effect: TaskEffect, plan: TaskPlan, view: TaskView, now: UnixSeconds): TaskPlan {
  return view.inFlight.includes(effect) ? awaitNext(view, now) : plan;
}

/** Work is offered while `initialize` is being mined. */
function decideUnset(view: TaskView, now: UnixSeconds): TaskPlan {
  if (view.head >= view.contributionDeadline) return { kind: 'giveUp', code: 'contribution-deadline-passed' };
  return view.inFlight.includes('initialize') ? decideRunning(view, now) : { kind: 'initialize' };
}

function decideRunning(view: TaskView, now: UnixSeconds): TaskPlan {
  const failure = programFailure(view.replicates, view.trust, agreeingContributions(view));
  if (failure !== undefined) return { kind: 'giveUp', code: failure };
  if (view.head >= view.contributionDeadline) return { kind: 'giveUp', code: codeAtContributionDeadline(view) };
  const expired = expiredReplicates(pendingReplicates(view), view, now, view.limits.compute, ({ offeredAt }) => offeredAt);
  if (expired !== undefined) return expired;
  const count = replicatesNeeded(view, promptReplicates(view, now));
  return count > 0 ? { kind: 'offer', count, excluded: triedWorkers(view) } : awaitNext(view, now);
}

function agreeingContributions(view: TaskView): number {
  return withoutPanic(() => tally(contributionsOf(view)).agreeing) ?? 0;
}

function codeAtContributionDeadline(view: TaskView): ReasonCode {
  const results = new Set(contributionsOf(view).map(({ resultHash }) => resultHash));
  if (results.size > 1) return 'no-consensus';
  return pendingReplicates(view).length > 0 ? 'contribution-deadline-passed' : 'workers-exhausted';
}

function decideRevealing(chain: Revealing, view: TaskView, now: UnixSeconds): TaskPlan {
  if (isUnrevealed(chain, view)) return decideReopen(view, now);
  const { archive } = view;
  if (archive?.verified === true) {
    return isFinalizable(chain, view) ? sendOnce('finalize', { kind: 'finalize', cid: archive.cid }, view, now) : awaitNext(view, now);
  }
  const expired = expiredReplicates(uploadingReplicates(view), view, now, view.limits.upload, ({ statusAt }) => statusAt);
  if (expired !== undefined) return expired;
  const worker = archive === undefined ? nextUploader(chain, view) : undefined;
  return worker === undefined ? awaitNext(view, now) : { kind: 'requestUpload', worker };
}

/** Reopening does not extend the contribution deadline, so after it there is nothing to reopen for. */
function decideReopen(view: TaskView, now: UnixSeconds): TaskPlan {
  if (view.inFlight.includes('reopen')) return awaitNext(view, now);
  return view.head >= view.contributionDeadline ? { kind: 'giveUp', code: 'workers-exhausted' } : { kind: 'reopen' };
}

/** Uploads under way; none once the archive has arrived. */
function uploadingReplicates(view: TaskView): readonly ReplicateView[] {
  return view.archive === undefined ? view.replicates.filter(({ status }) => isUploading(status)) : [];
}

/** First worker who has revealed and whose replicate still lives, while nobody is uploading. */
function nextUploader(chain: Revealing, view: TaskView): Address | undefined {
  if (uploadingReplicates(view).length > 0) return undefined;
  const dropped = new Set(view.replicates.filter(({ status }) => isDropped(status)).map(({ worker }) => worker));
  return chain.contributions.find(({ status, worker }) => status === 'proved' && !dropped.has(worker))?.worker;
}

type StartOf = (replicate: ReplicateView) => UnixSeconds;

/** The replicates that are silent or over the limit, as an `expire` plan; undefined when there is none. */
function expiredReplicates(
  replicates: readonly ReplicateView[],
  { limits }: TaskView,
  now: UnixSeconds,
  limit: bigint,
  startOf: StartOf,
): TaskPlan | undefined {
  const expired = replicates.flatMap((replicate): Expired[] => {
    const { worker, lastSeenAt } = replicate;
    if (now >= lastSeenAt + limits.silence) return [{ worker, because: 'silent' }];
    return now >= startOf(replicate) + limit ? [{ worker, because: 'overdue' }] : [];
  });
  return expired.length > 0 ? { kind: 'expire', replicates: expired } : undefined;
}

/** Waits for the next moment at which time alone may change the plan. */
function awaitNext(view: TaskView, now: UnixSeconds): TaskPlan {
  const untilHead = (deadline: UnixSeconds): bigint => now + deadline - view.head;
  const { limits } = view;
  const patience = patienceWith(view);
  const moments = [
    ...[view.contributionDeadline, view.finalDeadline].map(untilHead),
    ...(view.chain.status === 'revealing' ? [untilHead(view.chain.revealDeadline)] : []),
    ...pendingReplicates(view).flatMap(({ lastSeenAt, offeredAt }) => [
      lastSeenAt + limits.silence,
      offeredAt + patience,
      offeredAt + limits.compute,
    ]),
    ...settledReplicates(view).map((replicate) => endOfTrust(replicate, view)),
    ...uploadingReplicates(view).flatMap(({ lastSeenAt, statusAt }) => [lastSeenAt + limits.silence, statusAt + limits.upload]),
  ].filter((moment) => moment > now);
  return {
    kind: 'await',
    until: (moments.length > 0 ? moments.reduce(smaller) : now + PAST_DEADLINE_WAIT) as UnixSeconds,
  };
}

/** Seconds until the view is looked at again while a `claim` is under way. */
const PAST_DEADLINE_WAIT = 5n;
