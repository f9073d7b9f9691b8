import { manageOrder, type Receipt } from '@gleaner/chain';
import type { OrderKind, Orders, Signed } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/**
 * Closes an order on chain, for ever: what is left of its volume is used up, and every book drops it. Costs gas.
 * @throws {GleanerError} key-not-found, order-signature-invalid when the client's account does not own the order; gas-too-low;
 *   transaction-timed-out, aborted, timed-out: it may still be mined
 */
export function cancelOrder<K extends OrderKind>(
  gleaner: Gleaner,
  kind: K,
  order: Orders[K] | Signed<Orders[K]>,
  settings: CallSettings = {},
): Promise<Receipt> {
  return bounded(gleaner, settings, (client) => manageOrder(client.sender(), { kind, order, operation: 'close' }, callOptions(client)));
}
