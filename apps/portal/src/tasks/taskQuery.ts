import type { PoolTaskView } from '@gleaner/api';
import { type Address, type DealId, GleanerError, isGleanerError, type TaskId } from '@gleaner/primitives';
import { type Deal, deadlines } from '@gleaner/protocol';
import { type Gleaner, getPoolTaskView, getTask, type TaskRecord } from '@gleaner/sdk';
import { type Part, partly } from '../reading/partly.ts';
import type { Query } from '../reading/useReading.ts';
import { findSchedulerUrl, readPool } from '../workers/poolQuery.ts';

export interface TaskReading {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly deal: Deal;
  /** Absent until the task is initialised on chain. */
  readonly chain?: TaskRecord;
  readonly pool: Part<PoolTaskView>;
  /** Unix seconds; from here on the price goes back to the payer. */
  readonly finalDeadline: number;
  /** Names of the workers that are connected now. */
  readonly workerNames: ReadonlyMap<Address, string>;
}

/** A task as chain and pool tell it, read until both say that it has ended. */
export function taskQuery(taskId: TaskId): Query<TaskReading> {
  return { key: `task ${taskId}`, read: (gleaner) => readTask(gleaner, taskId), isFinal: hasEnded };
}

/** Whether nothing will change any more; a pool that does not answer may still have something to add. */
function hasEnded({ chain, pool }: TaskReading): boolean {
  const isEnded = chain?.status === 'completed' || chain?.status === 'failed';
  return isEnded && (pool.value?.currentStatus === 'completed' || pool.value?.currentStatus === 'failed');
}

/** The state to show: the end as the chain tells it, before that the pool's, which knows more. */
export function currentState({ chain, pool }: Pick<TaskReading, 'chain' | 'pool'>): string {
  if (chain?.status === 'completed' || chain?.status === 'failed') return chain.status;
  return pool.value?.currentStatus ?? chain?.status ?? 'unset';
}

async function readTask(gleaner: Gleaner, taskId: TaskId): Promise<TaskReading> {
  const chain = await findChainTask(gleaner, taskId);
  const found = await findPoolTask(gleaner, taskId, chain?.deal.workerpool.pointer ?? gleaner.network.workerpool);
  const dealId = chain?.dealId ?? found.pool.value?.dealId;
  if (dealId === undefined) throw found.pool.failure ?? notFound(taskId);
  const deal = chain?.deal ?? (await gleaner.hub.viewDeal(dealId));
  if (deal === undefined) throw notFound(taskId);
  const [finalDeadline, workerNames] = await Promise.all([
    chain?.times.finalDeadline ?? expectDeadline(gleaner, deal),
    readWorkerNames(gleaner),
  ]);
  return { taskId, dealId, deal, ...(chain && { chain }), ...found, finalDeadline, workerNames };
}

async function findChainTask(gleaner: Gleaner, taskId: TaskId): Promise<TaskRecord | undefined> {
  try {
    return await getTask(gleaner, taskId);
  } catch (error) {
    if (isGleanerError(error) && error.code === 'task-not-found') return undefined;
    throw error;
  }
}

async function findPoolTask(gleaner: Gleaner, taskId: TaskId, workerpool: Address | undefined): Promise<Pick<TaskReading, 'pool'>> {
  if (workerpool === undefined) return { pool: { failure: notFound(taskId) } };
  const url = await partly(findSchedulerUrl(gleaner, workerpool));
  if (url.value === undefined) return { pool: { failure: url.failure } };
  return { pool: await partly(getPoolTaskView(gleaner, url.value, taskId)) };
}

/** Final deadline that the task will get when it is initialised. */
async function expectDeadline({ hub }: Gleaner, deal: Deal): Promise<number> {
  const { workClockTimeRef } = await hub.viewCategory(deal.category);
  return Number(deadlines({ startTime: deal.startTime, timeref: workClockTimeRef }).final);
}

async function readWorkerNames(gleaner: Gleaner): Promise<ReadonlyMap<Address, string>> {
  const pool = await partly(readPool(gleaner));
  return new Map(pool.value?.workers.map(({ walletAddress, name }) => [walletAddress, name]));
}

function notFound(taskId: TaskId): GleanerError {
  return new GleanerError('task-not-found', `Neither the chain nor the pool of this network knows a task ${taskId}`, {
    details: { taskId },
  });
}
