import type { DealId, TaskId } from '@gleaner/primitives';
import { dealPath, taskPath } from '../navigation/route.ts';
import type { Query } from '../reading/useReading.ts';

/** The page of an id, which may be that of a deal or of a task. What is no deal is shown as a task, which knows best that it is none. */
export function findQuery(id: string): Query<string> {
  return {
    key: `find ${id}`,
    async read({ hub }) {
      const deal = await hub.viewDeal(id as DealId);
      return deal === undefined ? taskPath(id as TaskId) : dealPath(id as DealId);
    },
    isFinal: () => true,
  };
}
