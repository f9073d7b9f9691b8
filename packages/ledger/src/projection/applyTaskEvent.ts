import { type Address, assertNever } from '@gleaner/primitives';
import { revealDeadline } from '@gleaner/protocol';
import type { ContributionRow, TaskRow } from '@gleaner/store';
import type { LedgerEvent } from '../events/LedgerEvent.ts';
import { lower } from '../events/lower.ts';
import type { TaskProjection } from './Projection.ts';

type TaskEvent = Extract<LedgerEvent, { readonly taskId: unknown }>;
type Initialize = Extract<TaskEvent, { name: 'TaskInitialize' }>;
type LaterEvent = Exclude<TaskEvent, Initialize>;
type Contribute = Extract<TaskEvent, { name: 'TaskContribute' }>;
type Change = Partial<TaskRow>;

export function isTaskEvent(event: LedgerEvent): event is TaskEvent {
  return 'taskId' in event;
}

/** The task after one more of its events; the same rules as the hub's. */
export function applyTaskEvent(before: TaskProjection | undefined, event: TaskEvent): TaskProjection | undefined {
  if (event.name === 'TaskInitialize') return { kind: 'task', task: initialized(event), contributions: [] };
  if (!before) return undefined;
  const { task, contributions } = applyLater(before, event);
  return { kind: 'task', task: { ...task, updatedBlock: event.blockNumber }, contributions };
}

function initialized({ taskId, task, blockTimestamp, blockNumber }: Initialize): TaskRow {
  return {
    taskId: lower(taskId),
    dealId: lower(task.dealId),
    index: task.index,
    status: 'ACTIVE',
    timeref: task.timeref,
    contributionDeadline: task.contributionDeadline,
    revealDeadline: 0n,
    finalDeadline: task.finalDeadline,
    consensusValue: null,
    winnerCounter: 0,
    revealCounter: 0,
    reopenings: 0,
    resultDigest: null,
    results: null,
    initializedAt: blockTimestamp,
    consensusAt: null,
    endedAt: null,
    updatedBlock: blockNumber,
  };
}

function applyLater(before: TaskProjection, event: LaterEvent): Pick<TaskProjection, 'task' | 'contributions'> {
  const { task, contributions } = before;
  const withTask = (change: Change) => ({ task: { ...task, ...change }, contributions });
  switch (event.name) {
    case 'TaskContribute':
      return { task, contributions: [...contributions, contribution(task, contributions.length, event)] };
    case 'TaskConsensus':
      return withTask(consensus(before, event.consensus, event));
    case 'TaskReveal':
      return reveal(before, event);
    case 'TaskReopen':
      return reopen(before);
    case 'TaskFinalize':
      return withTask({ status: 'COMPLETED', results: event.results, endedAt: event.blockTimestamp });
    case 'TaskClaimed':
      return withTask({ status: 'FAILED', endedAt: event.blockTimestamp });
    case 'AccurateContribution':
    case 'FaultyContribution': {
      const accurate = event.name === 'AccurateContribution';
      return { task, contributions: changeOf(contributions, event.worker, { accurate }) };
    }
    default:
      return assertNever(event);
  }
}

function contribution(task: TaskRow, position: number, event: Contribute): ContributionRow {
  return {
    taskId: task.taskId,
    worker: lower(event.worker),
    position,
    status: 'CONTRIBUTED',
    resultHash: event.resultHash,
    resultDigest: null,
    accurate: null,
    contributedAt: event.blockTimestamp,
    contributedBlock: event.blockNumber,
    transactionHash: event.transactionHash,
    revealedAt: null,
  };
}

/** Winners are those who contributed the value and were not rejected by a reopening. */
function consensus({ task, contributions }: TaskProjection, value: TaskRow['consensusValue'], event: LaterEvent): Change {
  const winners = contributions.filter(({ resultHash, status }) => resultHash === value && status === 'CONTRIBUTED');
  return {
    status: 'REVEALING',
    consensusValue: value,
    consensusAt: event.blockTimestamp,
    revealDeadline: revealDeadline(event.blockTimestamp, task.timeref),
    winnerCounter: winners.length,
    revealCounter: 0,
  };
}

function reveal({ task, contributions }: TaskProjection, event: Extract<LaterEvent, { name: 'TaskReveal' }>) {
  const proved = { status: 'PROVED', resultDigest: event.digest, revealedAt: event.blockTimestamp } as const;
  return {
    task: { ...task, revealCounter: task.revealCounter + 1, resultDigest: event.digest },
    contributions: changeOf(contributions, event.worker, proved),
  };
}

function reopen({ task, contributions }: TaskProjection) {
  return {
    task: {
      ...task,
      status: 'ACTIVE' as const,
      consensusValue: null,
      consensusAt: null,
      revealDeadline: 0n,
      winnerCounter: 0,
      reopenings: task.reopenings + 1,
    },
    contributions: contributions.map((row) => (row.resultHash === task.consensusValue ? { ...row, status: 'REJECTED' as const } : row)),
  };
}

function changeOf(rows: readonly ContributionRow[], worker: Address, change: Partial<ContributionRow>): ContributionRow[] {
  return rows.map((row) => (row.worker === lower(worker) ? { ...row, ...change } : row));
}
