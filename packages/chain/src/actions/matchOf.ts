import { type DealId, invariant } from '@gleaner/primitives';
import { isAddressEqual } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { decodeHubLogs } from '../events/decodeHubLogs.ts';
import type { Receipt } from '../sender/createSender.ts';

/** A deal that was made. */
export interface Match {
  readonly dealId: DealId;
  /** Tasks of the deal. */
  readonly volume: bigint;
  readonly receipt: Receipt;
}

/** The deal a receipt tells of. */
export function matchOf(chain: Chain, receipt: Receipt): Match {
  const logs = receipt.logs.filter(({ address }) => isAddressEqual(address, chain.hubAddress));
  const matched = decodeHubLogs(logs).find((event) => event.name === 'OrdersMatched');
  invariant(matched?.name === 'OrdersMatched', 'A match succeeded without telling of a deal', { hash: receipt.transactionHash });
  return { dealId: matched.dealId, volume: matched.volume, receipt };
}
