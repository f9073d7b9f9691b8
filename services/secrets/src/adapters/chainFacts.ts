import { type Chain, type MarketAddresses, readAsset, readHub } from '@gleaner/chain';
import { type Address, GleanerError, isGleanerError, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { orderDomain } from '@gleaner/protocol';
import type { ChainFacts, TaskFacts } from '../ports.ts';
import { findBulkOrders } from './bulkFacts.ts';

/** Facts from the hub and its registries, at the head of the chain. */
export function createChainFacts(chain: Chain): ChainFacts {
  const hub = readHub(chain);
  const assets = readAsset(chain);
  let addresses: Promise<MarketAddresses> | undefined;
  /** The registries of a hub are read once; they are changed only together with its contracts. */
  const market = (): Promise<MarketAddresses> => {
    addresses ??= hub.addresses().catch((error: unknown) => {
      addresses = undefined;
      throw error;
    });
    return addresses;
  };
  const domain = async () => orderDomain({ chainId: (await chain.identify()).chainId, hubAddress: chain.hubAddress });
  return {
    ownerOf: (kind, asset) =>
      quietly(async () => {
        const { registries } = await market();
        const [isRegistered, owner] = await Promise.all([assets.isRegistered(registries[kind], asset), assets.findOwner(asset)]);
        return isRegistered ? owner : undefined;
      }),
    isSignedBy: (account, digest, signature) => quietly(() => hub.isSignedBy(account, digest, signature)),
    findTask: (taskId) => quietly(() => findTask(chain, taskId)),
    hubAllowsDevelopment: () => quietly(() => hub.developmentEnclaves()),
    findBulkOrders: (orders, deal) =>
      quietly(async () => findBulkOrders(chain, orders, { deal, registry: (await market()).registries.dataset, domain: await domain() })),
  };
}

async function findTask(chain: Chain, taskId: TaskId): Promise<TaskFacts | undefined> {
  const hub = readHub(chain);
  const assets = readAsset(chain);
  const { number: block, timestamp } = await chain.head();
  const { status, dealId, index, contributionDeadline } = await hub.viewTask(taskId, { block });
  const deal = status === 'unset' ? undefined : await hub.viewDeal(dealId, { block });
  if (deal === undefined) return undefined;
  const [teeBroker, { multiaddr, checksum }, dataset] = await Promise.all([
    hub.teeBroker({ block }),
    assets.getApp(deal.app.pointer, { block }),
    deal.dataset.pointer === ZERO_ADDRESS ? undefined : assets.getDataset(deal.dataset.pointer, { block }),
  ]);
  return {
    timestamp,
    status,
    contributionDeadline,
    dealId,
    index,
    deal,
    teeBroker,
    program: { app: deal.app.pointer as Address, multiaddr, checksum },
    ...(dataset && { datasetChecksum: dataset.checksum }),
  };
}

/** Causes of failures carry the arguments of the call, signatures among them; they end here. */
async function quietly<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isGleanerError(error)) throw new GleanerError(error.code, error.message.split('\n', 1)[0] ?? '');
    throw new GleanerError('internal-error', 'A read of the chain failed in an unexpected way');
  }
}
