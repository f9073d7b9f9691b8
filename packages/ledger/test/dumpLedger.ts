import type { Store } from '@gleaner/store';
import { consumedRows } from '../src/events/consumedRows.ts';
import { isProjected, type LedgerEvent } from '../src/events/LedgerEvent.ts';
import { moneyRow } from '../src/events/moneyRow.ts';
import { foldEvents, type Projection } from '../src/index.ts';
import type { GeneratedChain } from './GeneratedChain.ts';

/** All rows of the ledger that the events decide, in one order. */
export async function dumpLedger(db: Store['db']) {
  return {
    deals: await db.selectFrom('deal').selectAll().orderBy('dealId').execute(),
    tasks: await db.selectFrom('task').selectAll().orderBy('taskId').execute(),
    contributions: await db.selectFrom('contribution').selectAll().orderBy('taskId').orderBy('position').execute(),
    assets: await db.selectFrom('asset').selectAll().orderBy('address').execute(),
    categories: await db.selectFrom('category').selectAll().orderBy('categoryId').execute(),
    money: await db.selectFrom('money').selectAll().orderBy('blockNumber').orderBy('logIndex').execute(),
    consumed: await db.selectFrom('consumed').selectAll().orderBy('blockNumber').orderBy('logIndex').orderBy('orderHash').execute(),
  };
}

/** The same, folded straight from a chain that never changed. */
export function replay(chain: GeneratedChain): Awaited<ReturnType<typeof dumpLedger>> {
  const events = chain.blocks.flatMap((block) => block.events);
  const projections = [...foldEvents(new Map(), chain.blocks.flatMap(detailed)).values()];
  const tasks = ofKind(projections, 'task').sort(by(({ task }) => task.taskId));
  const consumed = events.flatMap(consumedRows);
  return {
    deals: ofKind(projections, 'deal')
      .map(({ deal }) => deal)
      .sort(by(({ dealId }) => dealId)),
    tasks: tasks.map(({ task }) => task),
    contributions: tasks.flatMap(({ contributions }) => contributions),
    assets: ofKind(projections, 'asset')
      .map(({ asset }) => asset)
      .sort(by(({ address }) => address)),
    categories: ofKind(projections, 'category').map(({ category }) => ({ ...category, name: category.name.replace('\0', '\uFFFD') })),
    money: events.flatMap((event) => moneyRow(event) ?? []),
    consumed: consumed.sort(
      (a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex || by((row: typeof a) => row.orderHash)(a, b),
    ),
  };
}

export function detailed({ ref, events, market }: GeneratedChain['blocks'][number]): LedgerEvent[] {
  return events.filter(isProjected).map((event) => {
    const deal = event.name === 'OrdersMatched' ? { deal: market.deals.get(event.dealId) } : {};
    const task = event.name === 'TaskInitialize' ? { task: market.tasks.get(event.taskId) } : {};
    return { ...event, ...deal, ...task, blockTimestamp: ref.timestamp } as LedgerEvent;
  });
}

const ofKind = <K extends Projection['kind']>(projections: readonly Projection[], kind: K) =>
  projections.filter((projection): projection is Extract<Projection, { kind: K }> => projection.kind === kind);

const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : Number(key(a) > key(b));
