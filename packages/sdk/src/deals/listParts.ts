import type { Bytes32, Cid, DealId, TaskId } from '@gleaner/primitives';
import { type ChainTaskStatus, type Deal, decodeResultLink, taskId } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { findSchedulerUrl } from '../pools/workerpoolStatus.ts';
import { getPoolTaskView } from '../tasks/poolTask.ts';
import { getDeal } from './getDeal.ts';

/** One task of a bag, as far as its result is concerned. */
export interface DealPart {
  /** In the bag, from 0. */
  readonly position: number;
  /** Of the task in its request. */
  readonly index: bigint;
  /** The deal that stands for the part: the bag's own, or one that ran the part again. */
  readonly dealId: DealId;
  readonly taskId: TaskId;
  readonly status: 'completed' | 'running' | 'failed';
  /** Why it failed, as the pool says or as the deadlines show. */
  readonly reason?: { readonly code: string; readonly message: string };
  readonly resultCid?: Cid;
  readonly resultDigest?: Bytes32;
}

export interface DealParts {
  readonly deal: Deal;
  readonly parts: readonly DealPart[];
}

/** Pool views asked for at a time. */
const AT_ONCE = 8;

/**
 * The tasks of a deal in the order of their positions. A task counts as failed as soon as its pool says that it will not complete,
 * though its price comes back at the final deadline only.
 * @throws {GleanerError} deal-not-found; chain-unreachable, timed-out, aborted
 */
export function listParts(gleaner: Gleaner, dealId: DealId, settings: CallSettings = {}): Promise<DealParts> {
  return bounded(gleaner, settings, (client) => readParts(client, dealId));
}

async function readParts(gleaner: Gleaner, dealId: DealId): Promise<DealParts> {
  const { hub, chain } = gleaner;
  const deal = await getDeal(gleaner, dealId);
  const ids = Array.from({ length: Number(deal.botSize) }, (_, position) => taskId(dealId, deal.botFirst + BigInt(position)));
  const [tasks, { timestamp: now }] = await Promise.all([hub.viewTasks(ids), chain.head()]);
  const parts = tasks.map((task, position): DealPart => {
    const isLate = task.finalDeadline > 0n && now >= task.finalDeadline;
    const resultCid = decodeResultLink(task.results);
    return {
      position,
      index: deal.botFirst + BigInt(position),
      dealId,
      taskId: ids[position] as TaskId,
      status: partStatus(task.status, isLate),
      ...(task.status === 'completed' ? { resultDigest: task.resultDigest } : {}),
      ...(task.status === 'completed' && resultCid !== undefined ? { resultCid } : {}),
    };
  });
  return { deal, parts: await withReasons(gleaner, deal, parts) };
}

function partStatus(status: ChainTaskStatus, isLate: boolean): DealPart['status'] {
  if (status === 'completed') return 'completed';
  return status === 'failed' || isLate ? 'failed' : 'running';
}

const NO_RESULT = { code: 'task-timed-out', message: 'The task has no result before its final deadline' } as const;

/** Asks the pool about everything that has no result. */
async function withReasons(gleaner: Gleaner, deal: Deal, parts: readonly DealPart[]): Promise<DealPart[]> {
  const open = parts.filter(({ status }) => status !== 'completed');
  const url = open.length === 0 ? undefined : await findSchedulerUrl(gleaner, deal.workerpool.pointer);
  const reasons = new Map<TaskId, DealPart['reason']>();
  for (let at = 0; url !== undefined && at < open.length; at += AT_ONCE) {
    const batch = open.slice(at, at + AT_ONCE);
    const views = await Promise.all(batch.map((part) => getPoolTaskView(gleaner, url, part.taskId).catch(() => undefined)));
    for (const [position, part] of batch.entries()) reasons.set(part.taskId, views[position]?.reason);
  }
  return parts.map((part) => {
    if (part.status === 'completed') return part;
    const reason = reasons.get(part.taskId) ?? (part.status === 'failed' ? NO_RESULT : undefined);
    return reason === undefined ? part : { ...part, status: 'failed', reason };
  });
}
