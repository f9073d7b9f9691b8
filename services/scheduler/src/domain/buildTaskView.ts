import type { Address, ReasonCode, UnixSeconds } from '@gleaner/primitives';
import type { CandidateView, ChainTaskView, ContributionView, ReplicateView, TaskEffect, TaskView } from '@gleaner/protocol';
import { DETERMINISTIC_FAILURES } from '@gleaner/protocol';
import type { ContributionRow, PoolTaskRow, ReplicateRow, TaskRow } from '@gleaner/store';
import { poolLimits } from './poolLimits.ts';

export interface TaskRows {
  readonly task: PoolTaskRow;
  /** What the ledger knows; absent while the task is not initialised. */
  readonly chain: TaskRow | undefined;
  readonly contributions: readonly ContributionRow[];
  readonly replicates: readonly ReplicateRow[];
  /** Only workers that run enclaves may have it. */
  readonly needsEnclave?: boolean;
}

export interface PoolFacts {
  /** Timestamp of the ledger's head. */
  readonly head: UnixSeconds;
  readonly scoreOf: (worker: Address) => bigint;
  /** Last sign of life of a worker. */
  readonly lastSeenOf: (worker: Address) => UnixSeconds;
  readonly candidates: readonly CandidateView[];
  readonly inFlight: readonly TaskEffect[];
}

/** All that `decideTask` needs, from rows. A result id is only stored once its archive was verified. */
export function buildTaskView({ task, chain, contributions, replicates }: TaskRows, facts: PoolFacts): TaskView {
  return {
    taskId: task.taskId,
    trust: task.trust,
    contributionDeadline: task.contributionDeadline as UnixSeconds,
    finalDeadline: task.finalDeadline as UnixSeconds,
    head: facts.head,
    chain: chainView(chain, contributions, facts),
    replicates: replicates.map((row) => replicateView(row, facts)),
    candidates: facts.candidates,
    ...(task.resultCid === null ? {} : { archive: { cid: task.resultCid, verified: true } }),
    ...(task.reasonCode === null ? {} : { givenUp: task.reasonCode }),
    inFlight: facts.inFlight,
    limits: poolLimits(task.timeref),
  };
}

function chainView(chain: TaskRow | undefined, rows: readonly ContributionRow[], facts: PoolFacts): ChainTaskView {
  if (chain === undefined) return { status: 'unset' };
  const contributions = rows.map((row) => contributionView(row, facts));
  switch (chain.status) {
    case 'ACTIVE':
      return { status: 'active', contributions };
    case 'REVEALING':
      return {
        status: 'revealing',
        contributions,
        revealDeadline: chain.revealDeadline as UnixSeconds,
        revealCounter: BigInt(chain.revealCounter),
        winnerCounter: BigInt(chain.winnerCounter),
      };
    case 'COMPLETED':
      return { status: 'completed' };
    case 'FAILED':
      return { status: 'failed' };
    default:
      return { status: 'unset' };
  }
}

function contributionView({ worker, status, resultHash }: ContributionRow, { scoreOf }: PoolFacts): ContributionView {
  return { worker, status: status.toLowerCase() as ContributionView['status'], resultHash, score: scoreOf(worker) };
}

function replicateView(row: ReplicateRow, { scoreOf, lastSeenOf }: PoolFacts): ReplicateView {
  return {
    worker: row.worker,
    status: row.status,
    score: scoreOf(row.worker),
    offeredAt: seconds(row.offeredAt),
    statusAt: seconds(row.updatedAt),
    lastSeenAt: lastSeenOf(row.worker),
    ...(row.status === 'failed' && row.failureCode !== null ? { failure: effectiveFailure(row.failureCode, row.deterministic) } : {}),
  };
}

/** What only one machine met is that worker's own trouble, whatever code it carries; a time limit is met alike by all. */
function effectiveFailure(code: ReasonCode, deterministic: boolean | null): ReasonCode {
  const blamesProgram = (DETERMINISTIC_FAILURES as readonly ReasonCode[]).includes(code);
  return blamesProgram && !deterministic && code !== 'wall-time-exceeded' ? 'sandbox-crashed' : code;
}

const seconds = (date: Date): UnixSeconds => BigInt(Math.floor(date.getTime() / 1000)) as UnixSeconds;
