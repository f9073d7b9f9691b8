import { type Address, type Bytes32, type OrderHash, type UnixSeconds, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { AppOrder, DatasetOrder, OrderKind, RequestOrder, WorkerpoolOrder } from './orderSchema.ts';
import type { GroupAllows } from './restriction.ts';

export interface Asset {
  /** `owner()` of the entry; absent when the address does not answer, for example because it is no contract. */
  readonly owner?: Address;
  readonly registered: boolean;
}

export interface WorkerpoolAsset extends Asset {
  /** Percent of the price each worker stakes, read when the orders are matched. */
  readonly workerStakeRatio: bigint;
  /** Percent of the reward the scheduler keeps, read when the orders are matched. */
  readonly schedulerRewardRatio: bigint;
}

export interface OrderState {
  readonly hash: OrderHash;
  /** Units used up by earlier matches; a closed order has used its whole volume. */
  readonly consumed: bigint;
  /** `bad-length` is a signature of an account that is neither 64 nor 65 bytes, on an order that is not presigned: the hub reverts with other words. */
  readonly signature: 'valid' | 'invalid' | 'bad-length';
}

/** Everything that decides whether four orders match. Addresses are checksummed. */
export interface MatchView {
  readonly appOrder: AppOrder;
  /** `NULL_DATASET_ORDER` when the request names no dataset. */
  readonly datasetOrder: DatasetOrder;
  readonly workerpoolOrder: WorkerpoolOrder;
  readonly requestOrder: RequestOrder;
  /** Who pays: the requester, or the caller of `sponsorMatchOrders`. */
  readonly sponsor: Address;
  readonly app: Asset;
  readonly dataset: Asset;
  readonly workerpool: WorkerpoolAsset;
  readonly states: Readonly<Record<OrderKind, OrderState>>;
  /** Number of categories; ids are 0 to one below it. */
  readonly categoryCount: bigint;
  readonly groupAllows: GroupAllows;
  /** Free escrow balance in nRLC. */
  readonly balanceOf: (account: Address) => bigint;
}

/** Stands for «no dataset»; it needs no signature. */
export const NULL_DATASET_ORDER: DatasetOrder = {
  dataset: ZERO_ADDRESS,
  datasetprice: 0n,
  volume: 0n,
  tag: ZERO_BYTES32,
  apprestrict: ZERO_ADDRESS,
  workerpoolrestrict: ZERO_ADDRESS,
  requesterrestrict: ZERO_ADDRESS,
  salt: ZERO_BYTES32,
};

export const hasDataset = (view: Pick<MatchView, 'datasetOrder'>): boolean => view.datasetOrder.dataset !== ZERO_ADDRESS;

/** One party, price and address of a deal. */
export interface Resource {
  readonly pointer: Address;
  /** Owner when the orders were matched; it is paid even if the asset is sold later. */
  readonly owner: Address;
  readonly price: bigint;
}

/** The deal as `viewDeal` returns it. */
export interface Deal {
  readonly app: Resource;
  readonly dataset: Resource;
  readonly workerpool: Resource;
  readonly trust: bigint;
  readonly category: bigint;
  readonly tag: Bytes32;
  readonly requester: Address;
  readonly beneficiary: Address;
  readonly callback: Address;
  readonly params: string;
  readonly startTime: UnixSeconds;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  readonly workerStake: bigint;
  readonly schedulerRewardRatio: bigint;
  readonly sponsor: Address;
}
