import type { MarketEvent } from '@gleaner/chain';
import { type OrderHash, ZERO_BYTES32 } from '@gleaner/primitives';
import type { ConsumedRow } from '@gleaner/store';
import { lower } from './lower.ts';

/** What an event does to orders: a match uses three or four, a closing or presigning one. */
export function consumedRows(event: MarketEvent): ConsumedRow[] {
  const { blockNumber, logIndex } = event;
  const use = (orderHash: OrderHash, fields: Pick<ConsumedRow, 'kind' | 'volume' | 'dealId'>): ConsumedRow => ({
    blockNumber,
    logIndex,
    orderHash: lower(orderHash),
    ...fields,
  });
  switch (event.name) {
    case 'OrdersMatched': {
      const { appHash, datasetHash, workerpoolHash, requestHash, volume, dealId } = event;
      const hashes = [appHash, datasetHash, workerpoolHash, requestHash].filter((hash) => (hash as string) !== ZERO_BYTES32);
      return hashes.map((hash) => use(hash, { kind: 'matched', volume, dealId: lower(dealId) }));
    }
    case 'ClosedOrder':
      return [use(event.orderHash, { kind: 'closed', volume: 0n, dealId: null })];
    case 'SignedOrder':
      return [use(event.orderHash, { kind: 'signed', volume: 0n, dealId: null })];
    default:
      return [];
  }
}
