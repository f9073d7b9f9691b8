import { ZERO_ADDRESS } from '@gleaner/primitives';
import { isTeeTag, type Orders } from '@gleaner/protocol';
import { type Books, faultOf } from './bookFaults.ts';
import { type Played, recordOf } from './randomActions.ts';
import type { TestMarket } from './testMarket.ts';

export interface Deaths {
  /** Orders that died since the last look although nothing on chain or in the books speaks against them. */
  readonly vain: readonly string[];
  /** Records that say what no record should. */
  readonly odd: readonly string[];
}

/**
 * Looks at the record of every order that the market ever took, and notes what it says.
 * @param before the books before and after whatever was done since the last look
 */
export async function findDeaths(market: TestMarket, played: Played, before: Books, after: Books): Promise<Deaths> {
  const { statusOf, unpublished } = played;
  const rows = await market.store.db.selectFrom('orderRecord').select(['orderHash', 'kind', 'status', 'remaining']).execute();
  const vain: string[] = [];
  const recorded = new Set(rows.map(({ orderHash }) => orderHash));
  const odd = [...statusOf.keys()].filter((hash) => !recorded.has(hash)).map((hash) => `${hash} is lost`);
  for (const row of rows) {
    const { kind, orderHash } = row;
    const known = statusOf.get(orderHash);
    if (row.status === 'open' && row.remaining <= 0n) odd.push(`${kind} ${orderHash} is open with ${row.remaining}`);
    if (row.status === known) continue;
    if (known === 'dead') odd.push(`${kind} ${orderHash} came back from death by itself`);
    const { status, order } = await recordOf(market, kind, orderHash);
    statusOf.set(orderHash, status);
    if (status !== 'dead' || known === 'dead' || unpublished.has(orderHash)) continue;
    const wasOffered = kind !== 'request' || isOffered(market, order as unknown as Orders['request'], before, after);
    if (wasOffered && (await faultOf(market, { kind, order } as never)) === undefined) vain.push(`${kind} ${orderHash}`);
  }
  return { vain, odd };
}

/** Whether the same orders for app and data set were there all the time. */
function isOffered(market: TestMarket, { app, dataset, appmaxprice, datasetmaxprice, tag }: Orders['request'], ...books: Books[]): boolean {
  const stayed = <K extends 'app' | 'dataset'>(kind: K, fits: (order: Orders[K]) => boolean): boolean => {
    const [before, after] = books.map(
      (book) => new Set(book[kind].filter((order) => fits(order as never)).map((order) => market.hashOf(kind, order as never))),
    );
    return [...(before ?? [])].some((hash) => after?.has(hash));
  };
  const hasApp = stayed('app', (order) => order.app === app && order.appprice <= appmaxprice && (!isTeeTag(tag) || isTeeTag(order.tag)));
  return (
    hasApp && (dataset === ZERO_ADDRESS || stayed('dataset', (order) => order.dataset === dataset && order.datasetprice <= datasetmaxprice))
  );
}
