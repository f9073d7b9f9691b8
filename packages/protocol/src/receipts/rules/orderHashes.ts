import { type OrderHash, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import { hashOrder } from '../../orders/hashOrder.ts';
import type { OrderKind } from '../../orders/orderSchema.ts';
import { orderDomain } from '../../orders/orderTypes.ts';
import type { ReadReceipt } from '../format/readReceipt.ts';

/** Hashes as the match event carries them: zero for the null dataset order. */
export function orderHashes({ chainId, hubAddress, orders }: ReadReceipt): Readonly<Record<OrderKind, OrderHash>> {
  const domain = orderDomain({ chainId, hubAddress });
  const hasDataset = orders.dataset.dataset !== ZERO_ADDRESS;
  return {
    app: hashOrder('app', orders.app, domain),
    dataset: hasDataset ? hashOrder('dataset', orders.dataset, domain) : (ZERO_BYTES32 as string as OrderHash),
    workerpool: hashOrder('workerpool', orders.workerpool, domain),
    request: hashOrder('request', orders.request, domain),
  };
}
