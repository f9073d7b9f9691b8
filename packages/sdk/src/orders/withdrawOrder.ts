import { unpublishOrders } from '@gleaner/api';
import type { OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorize } from './publishOrder.ts';

/** Takes an order out of the book of the market; on chain its signature stays what it is. @throws {GleanerError} order-not-found, forbidden */
export async function withdrawOrder(gleaner: Gleaner, kind: OrderKind, orderHash: OrderHash): Promise<void> {
  const authorization = await authorize(gleaner);
  await gleaner.market.call(
    unpublishOrders[kind] as (typeof unpublishOrders)['app'],
    { query: { chainId: gleaner.network.chainId }, body: { target: 'unpublish_orderHash', orderHash } },
    { ...callOptions(gleaner), authorization },
  );
}
