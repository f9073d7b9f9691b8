import { hubAbi } from '@gleaner/abi';
import { type Chain, decodeHubLogs, fetchLogs, type HubEvent } from '@gleaner/chain';
import type { Address, DealId } from '@gleaner/primitives';
import { pad, toEventSelector } from 'viem';

const schedulerNotices = () =>
  hubAbi.filter((item) => item.type === 'event' && item.name === 'SchedulerNotice').map((item) => toEventSelector(item));

/** What the chain logged when a deal was made, up to the given height; `undefined` when there is no such deal. Cost: a scan of the pool's deals. */
export async function findMatch(
  chain: Chain,
  { dealId, workerpool, to }: { readonly dealId: DealId; readonly workerpool: Address; readonly to: bigint },
): Promise<HubEvent | undefined> {
  const topics = [schedulerNotices(), pad(workerpool)];
  const logs = await fetchLogs(chain, { from: 0n, to, address: chain.hubAddress, topics });
  return decodeHubLogs(logs).find((event) => event.name === 'SchedulerNotice' && event.dealId === dealId);
}
