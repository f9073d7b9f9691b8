import { type Address, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { Deal } from '../orders/MatchView.ts';
import type { DatasetOrder } from '../orders/orderSchema.ts';
import { type GroupAllows, isAllowed } from '../orders/restriction.ts';
import { dealTag, tagIncludes } from '../tags.ts';

/** Least volume of an order that may serve any number of bulk tasks. Source: the stock client and the books, 2^53 − 2. */
export const BULK_VOLUME = 2n ** 53n - 2n;

/** What an order of a slice is held against, all of one block. */
export interface BulkOrderView {
  readonly deal: Pick<Deal, 'app' | 'dataset' | 'workerpool' | 'requester' | 'tag'>;
  /** The asset is in the data set registry of this market. */
  readonly isRegistered: boolean;
  /** The present owner of the data set signed or presigned the order for this hub and chain. */
  readonly isSigned: boolean;
  /** Units of the order used up; a cancelled order has used all. */
  readonly consumed: bigint;
  readonly groupAllows: GroupAllows;
}

/** Every rule that an order of a bulk must meet. */
export const BULK_RULES = [
  'deal-has-dataset',
  'not-registered',
  'invalid-signature',
  'consumed-or-cancelled',
  'price-not-zero',
  'volume-not-unlimited',
  'app-restricted',
  'workerpool-restricted',
  'requester-restricted',
  'tag-not-met',
] as const;
export type BulkRule = (typeof BULK_RULES)[number];

/**
 * The rules that an order of a slice breaks; with none, the key of its data set may go to the enclave of the deal's task.
 * A bulk neither pays nor uses up an order, so the order must say by its price and volume that it is meant for that.
 * Source: `assertDatasetDealCompatibility` of PoCo 6.1 for signature, use, restrictions and tag; the stock client for price and volume.
 */
export function checkBulkOrder(order: DatasetOrder, view: BulkOrderView): readonly BulkRule[] {
  const { deal, groupAllows } = view;
  const admits = (restriction: Address, candidate: Address) => isAllowed(restriction, candidate, groupAllows);
  const broken: Readonly<Record<BulkRule, boolean>> = {
    'deal-has-dataset': deal.dataset.pointer !== ZERO_ADDRESS,
    'not-registered': !view.isRegistered,
    'invalid-signature': !view.isSigned,
    'consumed-or-cancelled': view.consumed >= order.volume,
    'price-not-zero': order.datasetprice !== 0n,
    'volume-not-unlimited': order.volume < BULK_VOLUME,
    'app-restricted': !admits(order.apprestrict, deal.app.pointer),
    'workerpool-restricted': !admits(order.workerpoolrestrict, deal.workerpool.pointer),
    'requester-restricted': !admits(order.requesterrestrict, deal.requester),
    'tag-not-met': !tagIncludes(deal.tag, dealTag({ app: ZERO_BYTES32, dataset: order.tag, request: ZERO_BYTES32 })),
  };
  return BULK_RULES.filter((rule) => broken[rule]);
}
