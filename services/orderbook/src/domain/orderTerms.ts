import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME, type OrderKind, type Orders, poolStake } from '@gleaner/protocol';

/** An order of any kind, told apart by `kind`. */
export type AnyOrder = { readonly [K in OrderKind]: { readonly kind: K; readonly order: Orders[K] } }[OrderKind];

export type AssetKind = Exclude<OrderKind, 'request'>;

/** The entry whose owner signs; a request order is signed by its requester. */
export function assetOf({ kind, order }: AnyOrder): { readonly kind: AssetKind; readonly address: Address } | undefined {
  switch (kind) {
    case 'app':
      return { kind, address: order.app };
    case 'dataset':
      return { kind, address: order.dataset };
    case 'workerpool':
      return { kind, address: order.workerpool };
    case 'request':
      return undefined;
  }
}

/** Entries that must be registered before the order makes sense. */
export function neededAssets({ kind, order }: AnyOrder): { readonly kind: AssetKind; readonly address: Address }[] {
  const asset = assetOf({ kind, order } as AnyOrder);
  if (asset !== undefined) return [asset];
  const { app, dataset } = order as Orders['request'];
  return [
    { kind: 'app' as const, address: app },
    { kind: 'dataset' as const, address: dataset },
  ].filter(({ address }) => address !== ZERO_ADDRESS);
}

/** The size class that a pool or request order names. */
export function categoryOf({ kind, order }: AnyOrder): bigint | undefined {
  return kind === 'workerpool' || kind === 'request' ? order.category : undefined;
}

/** nRLC per task that the book sorts by; of a request order what it pays the workerpool at most. */
export function bookPrice({ kind, order }: AnyOrder): bigint {
  switch (kind) {
    case 'app':
      return order.appprice;
    case 'dataset':
      return order.datasetprice;
    case 'workerpool':
      return order.workerpoolprice;
    case 'request':
      return order.workerpoolmaxprice;
  }
}

/** nRLC that the signer must hold free so that `remaining` tasks can be dealt: the pool's stake, or all that a request may pay. */
export function neededStake({ kind, order }: AnyOrder, remaining: bigint): bigint {
  switch (kind) {
    case 'workerpool':
      return poolStake(order.workerpoolprice) * remaining;
    case 'request':
      return (order.appmaxprice + order.datasetmaxprice + order.workerpoolmaxprice) * remaining;
    default:
      return 0n;
  }
}

/** Data set orders that may be listed in bulk deals: free, and of practically unlimited volume. */
export function isBulk({ kind, order }: AnyOrder): boolean {
  return kind === 'dataset' && order.datasetprice === 0n && order.volume >= BULK_VOLUME;
}
