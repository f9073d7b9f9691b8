import { getOrder, listDeals, listOrders } from '@gleaner/api';
import { fetchEvents, type HubEvent } from '@gleaner/chain';
import { type DealId, isGleanerError, type OrderHash, type TaskId } from '@gleaner/primitives';
import { type AppOrder, type Signed, taskId } from '@gleaner/protocol';
import type { TestNetwork } from './startTestNetwork.ts';
import { poolTask } from './taskEnds.ts';

/** An offer that somebody signed for the book. */
export interface KnownOffer {
  readonly hash: OrderHash;
  readonly order: Signed<AppOrder>;
  /** The book said that it has it. */
  readonly isAcknowledged: boolean;
}

export interface MadeDeal {
  readonly dealId: DealId;
  readonly taskIds: readonly TaskId[];
}

/** Where books, deals and tasks of the services differ from the chain; empty when all agree. Fails while something does not answer. */
export async function findDisagreements(net: TestNetwork, offers: readonly KnownOffer[]): Promise<string[]> {
  const deals = await dealsOnChain(net);
  const found = await Promise.all([ofDeals(net, deals), ofOffers(net, offers), ofPoolBook(net), ofTasks(net, deals)]);
  return found.flat();
}

/** Every deal of the chain, with the ids of its tasks. */
export async function dealsOnChain(net: TestNetwork): Promise<MadeDeal[]> {
  const { chain, hub } = net.as('requester');
  const { number } = await chain.head();
  const events = await fetchEvents(chain, await hub.addresses(), { from: 0n, to: number });
  const matched = events.filter((event): event is HubEvent & { name: 'OrdersMatched' } => event.name === 'OrdersMatched');
  return Promise.all(
    matched.map(async ({ dealId }) => {
      const deal = await hub.viewDeal(dealId);
      const size = Number(deal?.botSize ?? 0n);
      return { dealId, taskIds: Array.from({ length: size }, (_, index) => taskId(dealId, (deal?.botFirst ?? 0n) + BigInt(index))) };
    }),
  );
}

/** The market lists the deals of the chain and no others. */
async function ofDeals(net: TestNetwork, deals: readonly MadeDeal[]): Promise<string[]> {
  const { market, network } = net.as('requester');
  const listed = await market.call(listDeals, { query: { chainId: network.chainId, pageSize: 1000 } });
  const ids = new Set(listed.deals.map(({ dealid }) => dealid.toLowerCase()));
  const missing = deals.filter(({ dealId }) => !ids.delete(dealId.toLowerCase())).map(({ dealId }) => `the market lacks deal ${dealId}`);
  return [...missing, ...[...ids].map((id) => `the market lists deal ${id}, which the chain does not have`)];
}

/** The market knows every offer that it took, and what the chain left of it. */
async function ofOffers(net: TestNetwork, offers: readonly KnownOffer[]): Promise<string[]> {
  const { hub, market, network } = net.as('requester');
  const compared = await Promise.all(
    offers.map(async ({ hash, order, isAcknowledged }) => {
      const left = order.volume - (await hub.viewConsumed(hash));
      const params = { orderHash: hash };
      const known = await market.call(getOrder.app, { params, query: { chainId: network.chainId } }).catch((error: unknown) => {
        if (isGleanerError(error) && error.details['status'] === 404) return undefined;
        throw error;
      });
      if (known === undefined) return isAcknowledged ? `the market lost offer ${hash}` : undefined;
      const status = left > 0n ? 'open' : 'canceled';
      if (known.remaining === left && known.status === status) return undefined;
      return `offer ${hash} is ${known.status} with ${known.remaining} left in the book, ${status} with ${left} on chain`;
    }),
  );
  return compared.filter((text) => text !== undefined);
}

/** What the book says is left of the pool's offers is what the chain leaves. */
async function ofPoolBook(net: TestNetwork): Promise<string[]> {
  const { hub, market, network } = net.as('requester');
  const query = {
    chainId: network.chainId,
    workerpool: net.workerpool,
    app: 'any',
    dataset: 'any',
    requester: 'any',
    pageSize: 1000,
  } as const;
  const { orders } = await market.call(listOrders.workerpool, { query });
  const compared = await Promise.all(
    orders.map(async ({ orderHash, order, remaining }) => {
      const left = order.volume - (await hub.viewConsumed(orderHash));
      return left === remaining ? undefined : `pool offer ${orderHash} has ${remaining} left in the book, ${left} on chain`;
    }),
  );
  return [...compared.filter((text) => text !== undefined), ...(orders.length > 0 ? [] : ['the pool has no offer in the book'])];
}

/** The pool finds each task ended as the chain does, and no other. */
async function ofTasks(net: TestNetwork, deals: readonly MadeDeal[]): Promise<string[]> {
  const { hub } = net.as('requester');
  const compared = await Promise.all(
    deals
      .flatMap(({ taskIds }) => taskIds)
      .map(async (id) => {
        const [{ status }, { currentStatus }] = await Promise.all([hub.viewTask(id), poolTask(net, id)]);
        const isEnded = status === 'completed' || status === 'failed';
        const agrees = isEnded ? currentStatus === status : currentStatus !== 'completed' && currentStatus !== 'failed';
        return agrees ? undefined : `task ${id} is ${status} on chain and ${currentStatus} in the pool`;
      }),
  );
  return compared.filter((text) => text !== undefined);
}
