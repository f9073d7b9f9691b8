import type { Address, Bytes32, DealId, Hex, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { HubEvent } from '../../hubEvents.ts';
import type { AppOrder, DatasetOrder, OrderKind, Orders, RequestOrder, WorkerpoolOrder } from '../../orders/orderSchema.ts';
import type { OrderOperation } from '../../orders/orderTypes.ts';
import type { Revert } from '../../revert.ts';
import type { AssetKind, MarketState } from './MarketState.ts';

/**
 * Who really signed what the contract will check. `malformed` has the right length and recovers to nobody;
 * `bad-length` has neither 64 nor 65 bytes, for example none. Signers are accounts without code.
 */
export type SignedBy = Address | 'malformed' | 'bad-length';

export interface OrdersToMatch {
  readonly appOrder: AppOrder;
  readonly datasetOrder: DatasetOrder;
  readonly workerpoolOrder: WorkerpoolOrder;
  readonly requestOrder: RequestOrder;
  readonly signatures: Readonly<Record<OrderKind, SignedBy>>;
}

interface WorkerProof {
  readonly taskId: TaskId;
  readonly enclaveChallenge: Address;
  readonly enclaveSign: SignedBy;
  readonly authorizationSign: SignedBy;
}

type ManageCall = {
  readonly [K in OrderKind]: { name: 'manageOrder'; kind: K; order: Orders[K]; operation: OrderOperation; sign: SignedBy };
}[OrderKind];

/** One call shape for each of the names. */
type Named<Name extends string, Args> = Name extends string ? { readonly name: Name } & Readonly<Args> : never;

/** What is called; names follow the hub's functions. */
type Action =
  | Named<'deposit' | 'withdraw', { readonly amount: bigint }>
  | Named<'depositFor' | 'withdrawTo', { readonly amount: bigint; readonly target: Address }>
  | { readonly name: 'transfer'; readonly to: Address; readonly amount: bigint }
  | { readonly name: 'transferFrom'; readonly from: Address; readonly to: Address; readonly amount: bigint }
  | Named<'approve' | 'increaseAllowance' | 'decreaseAllowance', { readonly spender: Address; readonly amount: bigint }>
  | Named<'matchOrders' | 'sponsorMatchOrders', OrdersToMatch>
  /** The token's `approveAndCall` with `matchOrders` as call data. */
  | ({ readonly name: 'depositAndMatch'; readonly amount: bigint } & OrdersToMatch)
  | Readonly<ManageCall>
  | { readonly name: 'initialize'; readonly dealId: DealId; readonly index: bigint }
  | Named<'initializeArray' | 'initializeAndClaimArray', { readonly dealIds: readonly DealId[]; readonly indexes: readonly bigint[] }>
  | ({ readonly name: 'contribute'; readonly resultHash: Bytes32; readonly resultSeal: Bytes32 } & WorkerProof)
  | { readonly name: 'reveal'; readonly taskId: TaskId; readonly digest: Bytes32 }
  | Named<'reopen' | 'claim', { readonly taskId: TaskId }>
  | { readonly name: 'claimArray'; readonly taskIds: readonly TaskId[] }
  | { readonly name: 'finalize'; readonly taskId: TaskId; readonly results: Hex; readonly resultsCallback: Hex }
  | ({
      readonly name: 'contributeAndFinalize';
      readonly digest: Bytes32;
      readonly results: Hex;
      readonly resultsCallback: Hex;
    } & WorkerProof)
  | { readonly name: 'createCategory'; readonly title: string; readonly description: string; readonly workClockTimeRef: bigint }
  | { readonly name: 'setTeeBroker'; readonly broker: Address }
  /** `createApp`, `createDataset` or `createWorkerpool`; `entry` is the address the registry gives it. */
  | { readonly name: 'createAsset'; readonly kind: AssetKind; readonly entry: Address; readonly assetOwner: Address }
  | { readonly name: 'transferAsset'; readonly entry: Address; readonly to: Address }
  | { readonly name: 'changePolicy'; readonly entry: Address; readonly workerStakeRatio: bigint; readonly schedulerRewardRatio: bigint };

/** One transaction: who sends it, and the timestamp of its block. */
export type MarketCall = Action & { readonly caller: Address; readonly now: UnixSeconds };
export type CallNamed<Name extends Action['name']> = Extract<MarketCall, { name: Name }>;

/** State after the call and the hub's events, in order; or how it reverts. */
export type CallOutcome =
  | { readonly state: MarketState; readonly events: readonly HubEvent[]; readonly revert?: undefined }
  | { readonly revert: Revert; readonly state?: undefined; readonly events?: undefined };

export interface Applied {
  readonly state: MarketState;
  readonly events: readonly HubEvent[];
}
