import { deployMarket } from '@gleaner/chain';
import type { MarketSystem, SystemOptions } from './MarketSystem.ts';
import { nodeAccount } from './startAnvil.ts';

/** Our contracts as every network gets them, on our token unless there is another. The owner is account 0 of the node. */
export async function deployOurs({ anvil, categories, token: existing }: Omit<SystemOptions, 'owner'>): Promise<MarketSystem> {
  const market = await deployMarket({ rpcUrl: anvil.url, deployer: nodeAccount(0), categories, ...(existing && { token: existing }) });
  const { hubAddress: hub, tokenAddress: token, registries, gasUsed: deployGas } = market;
  return { name: 'ours', hub, token, registries, deployGas };
}
