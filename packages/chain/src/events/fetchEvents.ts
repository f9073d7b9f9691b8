import type { Address } from '@gleaner/primitives';
import { encodeEventTopics, isAddressEqual } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { MarketAddresses } from '../reads/readHub.ts';
import type { ChainLog } from './ChainLog.ts';
import { decodeHubLogs } from './decodeHubLogs.ts';
import { decodeRegistryLogs, policyUpdateEvent } from './decodeRegistryLogs.ts';
import { fetchLogs, type LogRange } from './fetchLogs.ts';
import type { MarketEvent } from './HubEvent.ts';

/** All events of the market in these blocks, both ends included, in the order of the chain. */
export async function fetchEvents(chain: Chain, addresses: MarketAddresses, range: LogRange): Promise<MarketEvent[]> {
  const { hub, registries } = addresses;
  const sources: Address[] = [hub, registries.app, registries.dataset, registries.workerpool];
  const [ofMarket, ofWorkerpools] = await Promise.all([
    fetchLogs(chain, { ...range, address: sources }),
    fetchLogs(chain, { ...range, topics: encodeEventTopics({ abi: policyUpdateEvent }) }),
  ]);
  return decodeMarketLogs([...ofMarket, ...ofWorkerpools], addresses);
}

/** Logs of hub, registries and workerpools, mixed → values in the order of the chain. */
export function decodeMarketLogs(logs: readonly ChainLog[], { hub, registries }: MarketAddresses): MarketEvent[] {
  const ofHub = logs.filter(({ address }) => isAddressEqual(address, hub));
  const others = logs.filter(({ address }) => !isAddressEqual(address, hub));
  const events: MarketEvent[] = [...decodeHubLogs(ofHub), ...decodeRegistryLogs(others, registries)];
  return events.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}
