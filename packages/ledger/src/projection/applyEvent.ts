import type { LedgerEvent } from '../events/LedgerEvent.ts';
import { lower } from '../events/lower.ts';
import { subjectOf } from '../events/subjectOf.ts';
import { applyTaskEvent, isTaskEvent } from './applyTaskEvent.ts';
import { dealRow } from './dealRow.ts';
import type { Projection, Projections } from './Projection.ts';

/**
 * The projection of a subject after one more of its events, in chain order.
 * @param before undefined when this is its first event
 * @returns undefined for an event about a task that was initialized before the ledger began
 */
export function applyEvent(before: Projection | undefined, event: LedgerEvent): Projection | undefined {
  if (isTaskEvent(event)) return applyTaskEvent(before?.kind === 'task' ? before : undefined, event);
  switch (event.name) {
    case 'OrdersMatched':
      return { kind: 'deal', deal: dealRow(event) };
    case 'AssetTransfer': {
      const createdBlock = before?.kind === 'asset' ? before.asset.createdBlock : event.blockNumber;
      const address = lower(event.asset);
      return { kind: 'asset', asset: { address, kind: event.kind, owner: lower(event.to), createdBlock, updatedBlock: event.blockNumber } };
    }
    case 'CreateCategory': {
      const { categoryId, categoryName: name, description, workClockTimeRef: timeref, blockNumber: createdBlock } = event;
      return { kind: 'category', category: { categoryId, name, description, timeref, createdBlock } };
    }
  }
}

/** All projections that the events touch, after them. */
export function foldEvents(before: Projections, events: readonly LedgerEvent[]): Projections {
  const after = new Map<string, Projection>();
  for (const event of events) {
    const subject = subjectOf(event);
    const projection = applyEvent(after.get(subject) ?? before.get(subject), event);
    if (projection) after.set(subject, projection);
  }
  return after;
}
