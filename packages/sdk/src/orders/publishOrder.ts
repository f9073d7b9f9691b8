import { type OrderRecordOf, publishOrder as publishEndpoint } from '@gleaner/api';
import type { OrderKind, Orders, Signed } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorize } from './authorize.ts';

/**
 * Puts a signed order into the book of the market.
 * @throws {GleanerError} key-not-found; the market's refusal: order-already-published, order-consumed, order-signature-invalid,
 *   resource-not-deployed, stake-too-low, no-matching-order, category-unknown, unauthorized; service-unreachable, timed-out, aborted
 */
export function publishOrder<K extends OrderKind>(
  gleaner: Gleaner,
  kind: K,
  order: Signed<Orders[K]>,
  settings: CallSettings = {},
): Promise<OrderRecordOf<K>> {
  return bounded(gleaner, settings, async (client) => {
    const authorization = await authorize(client);
    const answer = await client.market.call(
      publishEndpoint[kind] as (typeof publishEndpoint)['app'],
      { query: { chainId: client.network.chainId }, body: { order: order as never } },
      { ...callOptions(client), authorization },
    );
    return answer.published as unknown as OrderRecordOf<K>;
  });
}
