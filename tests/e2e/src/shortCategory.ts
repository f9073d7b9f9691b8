import { listOrders } from '@gleaner/api';
import { createCategory } from '@gleaner/chain';
import type { TestNetwork } from './startTestNetwork.ts';
import { until } from './until.ts';

/**
 * Adds a category with a time reference in seconds and gives its id; the pool offers it within a quarter of a minute.
 * Contributions end after 7, everything after 10 times the reference.
 */
export async function createShortCategory(net: TestNetwork, timeref: number): Promise<bigint> {
  const owner = net.as('hubOwner');
  const id = await owner.hub.countCategory();
  await createCategory(owner.sender(), { name: `${timeref} s`, description: '""', workClockTimeRef: BigInt(timeref) });
  return id;
}

/** Waits for the pool's offer in a category. */
export async function whenOffered(net: TestNetwork, category: bigint): Promise<void> {
  const { market, network } = net.as('requester');
  await until('The offer in the new category', async () => {
    const { orders } = await market.call(listOrders.workerpool, { query: { chainId: network.chainId, category } });
    return orders.length > 0;
  });
}
