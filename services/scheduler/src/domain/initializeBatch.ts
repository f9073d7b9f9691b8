import type { DealId, TaskId } from '@gleaner/primitives';

/** Tasks initialised by one transaction; 40 stay below a third of a usual block. */
const BATCH = 40n;

export interface InitializableTask {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
}

export interface InitializeBatch {
  readonly dealId: DealId;
  /** By index. */
  readonly tasks: readonly InitializableTask[];
}

/**
 * Groups tasks by deal and aligned chunk of indexes, so that a restarted scheduler plans the same transactions again
 * and finds them in its outbox.
 */
export function initializeBatches(tasks: readonly InitializableTask[]): InitializeBatch[] {
  const groups = Map.groupBy(tasks, ({ dealId, index }) => `${dealId}:${index / BATCH}`);
  return [...groups.values()].map((members) => {
    const sorted = [...members].sort((a, b) => Number(a.index - b.index));
    return { dealId: (sorted[0] as InitializableTask).dealId, tasks: sorted };
  });
}
