import { assertNever } from '@gleaner/primitives';
import type { LedgerEvent, ProjectedEvent } from './LedgerEvent.ts';

/** The one projection an event changes, as text: `deal:0x…`, `task:0x…`, `asset:0x…` or `category:N`. */
export function subjectOf(event: ProjectedEvent | LedgerEvent): string {
  switch (event.name) {
    case 'OrdersMatched':
      return `deal:${event.dealId.toLowerCase()}`;
    case 'TaskInitialize':
    case 'TaskContribute':
    case 'TaskConsensus':
    case 'TaskReveal':
    case 'TaskReopen':
    case 'TaskFinalize':
    case 'TaskClaimed':
    case 'AccurateContribution':
    case 'FaultyContribution':
      return `task:${event.taskId.toLowerCase()}`;
    case 'AssetTransfer':
      return `asset:${event.asset.toLowerCase()}`;
    case 'CreateCategory':
      return `category:${event.categoryId}`;
    default:
      return assertNever(event);
  }
}

/** Keys of the subjects of one kind: `keysOf('task', ['task:0x1', 'deal:0x2'])` = `['0x1']`. */
export function keysOf<T extends string>(kind: 'deal' | 'task' | 'asset' | 'category', subjects: Iterable<string>): T[] {
  const prefix = `${kind}:`;
  return [...subjects].filter((subject) => subject.startsWith(prefix)).map((subject) => subject.slice(prefix.length) as T);
}
