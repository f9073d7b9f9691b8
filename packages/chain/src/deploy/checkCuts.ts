import type { Address } from '@gleaner/primitives';
import { type Hex, toEventHash } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { fetchLogs } from '../events/fetchLogs.ts';
import type { Difference } from './checkDeployment.ts';
import { findCreationBlock } from './findCreationBlock.ts';

const DIAMOND_CUT: Hex = toEventHash('DiamondCut((address,uint8,bytes4[])[],address,bytes)');

/**
 * Cuts of the hub after its creation. A cut can run any code on the hub's storage, so a market whose hub was cut while a single account
 * owned it may hide what no view shows; facets alone do not tell. An upgrade through the timelock shows here too.
 * Costs a search for the creation block and one request for logs, more where the provider limits the range.
 */
export async function checkCuts(chain: Chain, hub: Address): Promise<Difference[]> {
  const { number: to } = await chain.head();
  const from = (await findCreationBlock(chain, hub, to)) ?? 0n;
  const cuts = await fetchLogs(chain, { address: hub, topics: [DIAMOND_CUT], from, to });
  const creation = cuts[0]?.transactionHash;
  return cuts
    .filter(({ transactionHash }) => transactionHash !== creation)
    .map(({ blockNumber, transactionHash }) => ({
      what: 'cuts since the creation',
      expected: 'none',
      found: `one in block ${blockNumber}, ${transactionHash}`,
    }));
}
