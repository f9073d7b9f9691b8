import { listOrders } from '@gleaner/api';
import { readPoolOwner } from '@gleaner/chain';
import type { Gleaner } from '@gleaner/sdk';
import type { PoolFacts } from '../ports.ts';

/** What serving a pool depends on, from the chain and from the book. */
export function createPoolFacts(gleaner: Gleaner): PoolFacts {
  const { chain, hub, assets, network, market } = gleaner;
  return {
    async ownerOf(workerpool) {
      const isRegistered = await assets.isRegistered(network.registries.workerpool, workerpool);
      if (!isRegistered) return undefined;
      const { owner, operator } = await readPoolOwner(chain, workerpool);
      return { owner, ...(operator && { operatorOwner: operator.owner }) };
    },
    isSignedBy: (account, hash, signature) => hub.isSignedBy(account, hash, signature),
    freeStakeOf: async (owner) => (await hub.viewAccount(owner)).stake,
    async countOrders(workerpool) {
      const anyone = { app: 'any', dataset: 'any', requester: 'any' } as const;
      const { count } = await market.call(listOrders.workerpool, { query: { chainId: network.chainId, workerpool, ...anyone } });
      return count;
    },
  };
}
