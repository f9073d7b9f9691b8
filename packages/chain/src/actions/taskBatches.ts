import type { DealId, TaskId } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import type { Receipt } from '../sender/createSender.ts';

export interface TaskRange {
  readonly dealId: DealId;
  /** Indexes of the tasks, `botFirst` to `botFirst + botSize − 1` of the deal. */
  readonly indexes: readonly bigint[];
  /** Tasks per transaction; 40 by default, which stays far below the gas of a block. */
  readonly batchSize?: number;
}

export interface TaskBatches {
  /** In the order of the indexes. */
  readonly taskIds: readonly TaskId[];
  /** One per transaction. */
  readonly receipts: readonly Receipt[];
}

const DEFAULT_BATCH = 40;

/**
 * Sends the tasks of a deal in batches, all in flight together. A batch succeeds or fails as a whole;
 * after a failure those of the others that succeeded stay, so read the tasks again before the next attempt.
 */
export async function sendTaskBatches(
  { dealId, indexes, batchSize = DEFAULT_BATCH }: TaskRange,
  send: (indexes: readonly bigint[], key: string) => Promise<Receipt>,
): Promise<TaskBatches> {
  const batches: (readonly bigint[])[] = [];
  for (let start = 0; start < indexes.length; start += batchSize) batches.push(indexes.slice(start, start + batchSize));
  const sent = batches.map((batch) => send(batch, `${dealId}:${batch.join(',')}`));
  await Promise.allSettled(sent);
  return { taskIds: indexes.map((index) => taskId(dealId, index)), receipts: await Promise.all(sent) };
}
