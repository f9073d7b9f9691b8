import { type Chain, type MarketAddresses, readAsset, readHub } from '@gleaner/chain';
import type { ChainFacts } from '../ports.ts';

/** Facts from the hub and its registries; calls made together travel together. */
export function createChainFacts(chain: Chain): ChainFacts {
  const hub = readHub(chain);
  const assets = readAsset(chain);
  /** As many as were seen; their number only grows. */
  let categories = 0n;
  let addresses: Promise<MarketAddresses> | undefined;
  /** The registries of a hub are read once; they are changed only together with its contracts. */
  const market = (): Promise<MarketAddresses> => {
    addresses ??= hub.addresses().catch((error: unknown) => {
      addresses = undefined;
      throw error;
    });
    return addresses;
  };
  return {
    ownerOf: (asset) => assets.findOwner(asset),
    isRegistered: async (kind, asset) => assets.isRegistered((await market()).registries[kind], asset),
    hasCategory: async (category) => {
      if (category >= categories) categories = await hub.countCategory();
      return category < categories;
    },
    isSignedBy: (account, hash, signature) => hub.isSignedBy(account, hash, signature),
    consumedOf: (orders) => hub.viewConsumedOf(orders),
    freeStakeOf: async (accounts) => (await hub.viewAccounts(accounts)).map(({ stake }) => stake),
  };
}
