import {
  type AppBookQuery,
  type DatasetBookQuery,
  getOrder as getEndpoint,
  listOrders,
  type OrderRecordOf,
  type RequestBookQuery,
  type WorkerpoolBookQuery,
} from '@gleaner/api';
import type { OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

interface BookQueries {
  readonly app: AppBookQuery;
  readonly dataset: DatasetBookQuery;
  readonly workerpool: WorkerpoolBookQuery;
  readonly request: RequestBookQuery;
}

/**
 * Filters of a book. Amounts in nRLC, addresses as one address or `any`; `pageIndex` from 0, `pageSize` 10 to 1000 (20 when absent).
 * `minTag` keeps orders that have all its bits.
 */
export type BookQuery<K extends OrderKind> = Omit<BookQueries[K], 'chainId'>;

/**
 * Open orders of one book: the cheapest first (requests: the best paying), then the oldest.
 * @throws {GleanerError} bad-request for a filter outside its range; service-unreachable, timed-out, aborted
 */
export function listOpenOrders<K extends OrderKind>(
  gleaner: Gleaner,
  kind: K,
  query: BookQuery<K> = {} as BookQuery<K>,
  settings: CallSettings = {},
): Promise<readonly OrderRecordOf<K>[]> {
  return bounded(gleaner, settings, async (client) => {
    const { chainId } = client.network;
    const endpoint = listOrders[kind] as (typeof listOrders)['app'];
    const { orders } = await client.market.call(endpoint, { query: { ...(query as object), chainId } }, callOptions(client));
    return orders as unknown as readonly OrderRecordOf<K>[];
  });
}

/** A published order by its hash, whatever became of it. @throws {GleanerError} order-not-found, service-unreachable, timed-out, aborted */
export function getOrder<K extends OrderKind>(
  gleaner: Gleaner,
  kind: K,
  orderHash: OrderHash,
  settings: CallSettings = {},
): Promise<OrderRecordOf<K>> {
  return bounded(gleaner, settings, async (client) => {
    const endpoint = getEndpoint[kind] as (typeof getEndpoint)['app'];
    const input = { params: { orderHash }, query: { chainId: client.network.chainId } };
    const { ok: _, ...record } = await client.market.call(endpoint, input, callOptions(client));
    return record as unknown as OrderRecordOf<K>;
  });
}
