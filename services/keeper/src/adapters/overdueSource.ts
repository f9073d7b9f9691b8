import { taskId } from '@gleaner/protocol';
import { listClaimableTasks, listOverdueDeals, type OverdueDeal, type Store } from '@gleaner/store';
import type { Overdue, OverdueSource } from '../ports.ts';

/** Overdue tasks from the ledger's rows. */
export function createOverdueSource(db: Store['db']): OverdueSource {
  return {
    initialized: (now, limit) => listClaimableTasks(db, { now, limit }),
    neverInitialized: async (now, limit) => {
      const overdue: Overdue[] = [];
      for (const deal of await listOverdueDeals(db, { now, limit })) {
        for (const task of missingTasks(deal)) {
          if (overdue.length === limit) return overdue;
          overdue.push(task);
        }
      }
      return overdue;
    },
  };
}

function* missingTasks({ dealId, botFirst, botSize, initialized }: OverdueDeal): Generator<Overdue> {
  const known = new Set(initialized);
  for (let index = botFirst; index < botFirst + botSize; index += 1n) {
    if (!known.has(index)) yield { dealId, index, taskId: taskId(dealId, index) };
  }
}
