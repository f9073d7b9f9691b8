import { type Chain, isGroupMember, readAsset, readHub } from '@gleaner/chain';
import { type Address, isGleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { type DatasetOrder, type Deal, hashOrder, type OrderDomain, type Signed } from '@gleaner/protocol';
import type { BulkOrderFacts } from '../ports.ts';

interface Market {
  readonly deal: Deal;
  /** Of data sets. */
  readonly registry: Address;
  readonly domain: OrderDomain;
}

/** Facts about the orders of a slice at the head of the chain: up to seven reads for each of at most a hundred orders, in batches. */
export async function findBulkOrders(chain: Chain, orders: readonly Signed<DatasetOrder>[], market: Market): Promise<BulkOrderFacts[]> {
  const { number: block } = await chain.head();
  return await Promise.all(orders.map((order) => findOrder(chain, order, market, block)));
}

async function findOrder(
  chain: Chain,
  { sign, ...order }: Signed<DatasetOrder>,
  { deal, registry, domain }: Market,
  block: bigint,
): Promise<BulkOrderFacts> {
  const [hub, assets, at] = [readHub(chain), readAsset(chain), { block }];
  const hash = hashOrder('dataset', order, domain);
  const [isRegistered, consumed, groupAllows] = await Promise.all([
    assets.isRegistered(registry, order.dataset, at),
    hub.viewConsumed(hash, at),
    readGroups(chain, order, deal, block),
  ]);
  // nothing is asked of an address that is no data set of this market: it may be anything
  if (!isRegistered) return { isRegistered, isSigned: false, consumed, groupAllows };
  const { owner, checksum } = await assets.getDataset(order.dataset, at);
  const isSigned = await hub.isSignedBy(owner, hash, sign, at);
  return { isRegistered, isSigned, consumed, groupAllows, checksum };
}

/** Answers of the groups that the order may be restricted to, for the parties that they are asked about. */
async function readGroups(chain: Chain, order: DatasetOrder, deal: Deal, block: bigint): Promise<BulkOrderFacts['groupAllows']> {
  const pairs = [
    [order.apprestrict, deal.app.pointer],
    [order.workerpoolrestrict, deal.workerpool.pointer],
    [order.requesterrestrict, deal.requester],
  ] as const;
  const asked = pairs.filter(([group, member]) => group !== ZERO_ADDRESS && group !== member);
  const answers = await Promise.all(asked.map(([group, member]) => isGroupMember(chain, group, member, { block }).catch(falseWhenStrange)));
  const allowed = new Set(asked.filter((_, position) => answers[position]).map(([group, member]) => `${group} ${member}`));
  return (group, member) => allowed.has(`${group} ${member}`);
}

/** Whoever signs an order chooses the group: one that fails in a way of its own, as precompiled contracts do, has no members. */
function falseWhenStrange(error: unknown): false {
  if (isGleanerError(error) && error.code === 'internal-error') return false;
  throw error;
}
