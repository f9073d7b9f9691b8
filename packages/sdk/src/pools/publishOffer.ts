import { createWorkerpool } from '@gleaner/chain';
import type { Address, OrderHash } from '@gleaner/primitives';
import type { WorkerpoolOrder } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { createWorkerpoolOrder, type SaleTerms } from '../orders/createOrders.ts';
import { publishOrder } from '../orders/publishOrder.ts';
import { signOrder } from '../orders/signOrder.ts';

export interface RegisteredWorkerpool {
  readonly workerpool: Address;
  /** A pool of this description and owner was registered before. */
  readonly existed: boolean;
}

/**
 * Registers a workerpool that the client's account owns itself. Owner and description decide its address. `registerOperatedPool`
 * puts it behind a contract whose agent can be replaced.
 * @throws {GleanerError} key-not-found, gas-too-low, chain-reverted; transaction-timed-out, aborted, timed-out: repeat the call
 */
export function registerWorkerpool(
  gleaner: Gleaner,
  { description }: { readonly description: string },
  settings: CallSettings = {},
): Promise<RegisteredWorkerpool> {
  return bounded(gleaner, settings, async (client) => {
    const { address, receipt } = await createWorkerpool(client.sender(), { description }, callOptions(client));
    return { workerpool: address, existed: receipt === undefined };
  });
}

export type OfferTerms = SaleTerms & Pick<WorkerpoolOrder, 'workerpool' | 'category' | 'trust'>;

/**
 * Signs an offer of a pool and puts it into the book. Its owner's free escrow must cover the stake of every task on offer: 30 % of the price.
 * @throws {GleanerError} key-not-found, stake-too-low, category-unknown, resource-not-deployed, order-signature-invalid when the client's
 *   account neither owns the pool nor is the agent of `operator`; service-unreachable, timed-out, aborted
 */
export function publishOffer(gleaner: Gleaner, terms: OfferTerms, settings: CallSettings = {}): Promise<{ readonly orderHash: OrderHash }> {
  return bounded(gleaner, settings, async (client) => {
    const order = await signOrder(client, 'workerpool', createWorkerpoolOrder(terms));
    const { orderHash } = await publishOrder(client, 'workerpool', order);
    return { orderHash };
  });
}
