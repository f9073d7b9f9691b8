import { type Address, type Bytes32, type DealId, GleanerError, invariant, isReasonCode, type TaskId } from '@gleaner/primitives';
import { joinArgs } from '@gleaner/protocol';
import { type Gleaner, getTask, matchRun, quoteRun, type TaskRecord, watchDeal } from '@gleaner/sdk';
import { isAddressEqual } from 'viem';
import type { StageWorker } from './Stage.ts';

interface Vote {
  readonly name: string;
  readonly worker: Address;
  readonly resultHash: Bytes32;
  /** With the value that was agreed on. */
  readonly agrees: boolean;
  readonly status: string;
}

/** One task from its deal to its payment. */
export interface Round {
  readonly number: number;
  readonly trust: bigint;
  readonly dealId: DealId;
  readonly taskId: TaskId;
  /** Block of the deal. */
  readonly matchedAt: bigint;
  /** In the order in which they were committed, all before the consensus: the hub takes none afterwards. */
  readonly votes: readonly Vote[];
  readonly task: TaskRecord;
}

export interface RoundTerms {
  readonly number: number;
  readonly app: Address;
  readonly trust: bigint;
  readonly workers: readonly StageWorker[];
  readonly signal: AbortSignal;
}

/**
 * Buys one move and waits until it is paid.
 * @throws {GleanerError} what quote and deal throw, the pool's reason when it gives the task up, aborted
 */
export async function playRound(requester: Gleaner, { number, app, trust, workers, signal }: RoundTerms): Promise<Round> {
  const quote = await quoteRun(requester, { app, tasks: 1n, trust, category: 0n });
  invariant(quote.appOrder, 'A quote for a registered app has its order');
  const args = joinArgs(['--size', '9', '--playouts', '200', '--seed', `${number}`, '--moves', 'E5 C3 G7']);
  const deal = await matchRun(requester, { quote, appOrder: quote.appOrder, params: { iexec_args: args } });
  await whenPaid(requester, deal.dealId, quote.schedulerUrl, signal);
  const [taskId] = deal.taskIds;
  invariant(taskId, 'A deal has a task');
  const task = await getTask(requester, taskId);
  return { number, trust, dealId: deal.dealId, taskId, matchedAt: deal.blockNumber, votes: votesOf(task, workers), task };
}

async function whenPaid(requester: Gleaner, dealId: DealId, schedulerUrl: string, signal: AbortSignal): Promise<void> {
  for await (const { tasks } of watchDeal(requester, dealId, { schedulerUrl, signal })) {
    const [task] = tasks;
    const reason = task?.pool?.reason;
    if (reason !== undefined) throw new GleanerError(isReasonCode(reason.code) ? reason.code : 'no-consensus', reason.message);
    if (task?.status === 'failed') throw new GleanerError('task-timed-out', `Task ${task.taskId} was not finalized in time`);
  }
}

function votesOf({ contributions, consensusValue }: TaskRecord, workers: readonly StageWorker[]): Vote[] {
  return contributions.map(({ worker, resultHash, status }) => ({
    name: workers.find(({ address }) => isAddressEqual(address, worker))?.name ?? worker,
    worker,
    resultHash,
    agrees: resultHash === consensusValue,
    status,
  }));
}
