import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import type { AssetKind } from '../reads/readAsset.ts';

/** Where in the chain an event stands. `(blockNumber, logIndex)` orders all events. */
export interface EventPlace {
  readonly address: Address;
  readonly blockNumber: bigint;
  readonly blockHash: Bytes32;
  readonly transactionHash: Bytes32;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

/** What happened, as values. Amounts in nRLC. */
export type HubEventValue =
  | { readonly name: 'Transfer'; readonly from: Address; readonly to: Address; readonly value: bigint }
  | { readonly name: 'Approval'; readonly owner: Address; readonly spender: Address; readonly value: bigint }
  | { readonly name: 'Lock' | 'Unlock'; readonly owner: Address; readonly amount: bigint }
  | { readonly name: 'Reward' | 'Seize'; readonly owner: Address; readonly amount: bigint; readonly taskId: TaskId }
  | { readonly name: 'SchedulerNotice'; readonly workerpool: Address; readonly dealId: DealId }
  | {
      readonly name: 'OrdersMatched';
      readonly dealId: DealId;
      readonly appHash: OrderHash;
      /** Zero without a dataset. */
      readonly datasetHash: OrderHash;
      readonly workerpoolHash: OrderHash;
      readonly requestHash: OrderHash;
      readonly volume: bigint;
    }
  | { readonly name: 'DealSponsored'; readonly dealId: DealId; readonly sponsor: Address }
  | { readonly name: 'TaskInitialize'; readonly taskId: TaskId; readonly workerpool: Address }
  | { readonly name: 'TaskContribute'; readonly taskId: TaskId; readonly worker: Address; readonly resultHash: Bytes32 }
  | { readonly name: 'TaskConsensus'; readonly taskId: TaskId; readonly consensus: Bytes32 }
  | { readonly name: 'TaskReveal'; readonly taskId: TaskId; readonly worker: Address; readonly digest: Bytes32 }
  | { readonly name: 'TaskReopen' | 'TaskClaimed'; readonly taskId: TaskId }
  | { readonly name: 'TaskFinalize'; readonly taskId: TaskId; readonly results: Hex }
  | { readonly name: 'AccurateContribution' | 'FaultyContribution'; readonly worker: Address; readonly taskId: TaskId }
  | { readonly name: 'SignedOrder' | 'ClosedOrder'; readonly kind: OrderKind; readonly orderHash: OrderHash }
  | { readonly name: 'BroadcastOrder'; readonly kind: OrderKind; readonly order: Readonly<Record<string, unknown>> }
  | {
      readonly name: 'CreateCategory';
      readonly categoryId: bigint;
      readonly categoryName: string;
      readonly description: string;
      readonly workClockTimeRef: bigint;
    }
  | { readonly name: 'OwnershipTransferred'; readonly previousOwner: Address; readonly newOwner: Address };

/** ERC-721 of one of the registries: `from` is zero when the asset was created. */
export interface AssetTransfer {
  readonly name: 'AssetTransfer';
  readonly kind: AssetKind;
  readonly asset: Address;
  readonly from: Address;
  readonly to: Address;
}

/** Any contract can emit this event: believe it only of a registered workerpool. */
export interface PolicyUpdate {
  readonly name: 'PolicyUpdate';
  readonly workerpool: Address;
  readonly workerStakeRatio: bigint;
  readonly schedulerRewardRatio: bigint;
}

export type HubEvent = HubEventValue & EventPlace;
export type RegistryEvent = (AssetTransfer | PolicyUpdate) & EventPlace;
export type MarketEvent = HubEvent | RegistryEvent;
