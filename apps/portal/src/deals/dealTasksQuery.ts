import type { ChainTask } from '@gleaner/chain';
import type { DealId, TaskId } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import type { Query } from '../reading/useReading.ts';

export interface DealTask {
  readonly taskId: TaskId;
  readonly index: bigint;
  readonly task: ChainTask;
}

export interface DealTasks {
  readonly tasks: readonly DealTask[];
}

interface Bag {
  readonly dealId: DealId;
  readonly first: bigint;
  readonly size: bigint;
}

export const TASKS_PER_PAGE = 20;

/** Tasks of one page of a bag with their states on chain; read until all of them have ended. */
export function dealTasksQuery({ dealId, first, size }: Bag, at: number): Query<DealTasks> {
  const begin = Math.min(at * TASKS_PER_PAGE, Number(size));
  const length = Math.min(TASKS_PER_PAGE, Number(size) - begin);
  const indexes = Array.from({ length }, (_, offset) => first + BigInt(begin + offset));
  const ids = indexes.map((index) => taskId(dealId, index));
  return {
    key: `tasks ${dealId} ${at}`,
    async read({ hub }) {
      const tasks = await hub.viewTasks(ids);
      return { tasks: tasks.map((task, place) => ({ taskId: ids[place] as TaskId, index: indexes[place] as bigint, task })) };
    },
    isFinal: ({ tasks }) => tasks.every(({ task }) => task.status === 'completed' || task.status === 'failed'),
  };
}
