import { unpublishOrders } from '@gleaner/api';
import type { OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorize } from './authorize.ts';

/**
 * Takes an order out of the book of the market. On chain its signature stays what it is: whoever has the order may still match it until
 * `cancelOrder` closes it.
 * @throws {GleanerError} key-not-found, order-not-found, forbidden, unauthorized; service-unreachable, timed-out, aborted
 */
export function withdrawOrder(gleaner: Gleaner, kind: OrderKind, orderHash: OrderHash, settings: CallSettings = {}): Promise<void> {
  return bounded(gleaner, settings, async (client) => {
    const authorization = await authorize(client);
    await client.market.call(
      unpublishOrders[kind] as (typeof unpublishOrders)['app'],
      { query: { chainId: client.network.chainId }, body: { target: 'unpublish_orderHash', orderHash } },
      { ...callOptions(client), authorization },
    );
  });
}
