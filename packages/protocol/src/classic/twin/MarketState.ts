import {
  type Address,
  type Bytes32,
  type DealId,
  type Hex,
  type OrderHash,
  type TaskId,
  type UnixSeconds,
  ZERO_ADDRESS,
} from '@gleaner/primitives';
import type { Category } from '../../categories.ts';
import type { Deal } from '../../orders/MatchView.ts';
import type { OrderKind } from '../../orders/orderSchema.ts';
import { type OrderDomain, orderDomain } from '../../orders/orderTypes.ts';
import type { ChainTaskStatus, ContributionStatus } from '../constants.ts';

/** nRLC: `stake` is free, `locked` is set aside. */
export interface Account {
  readonly stake: bigint;
  readonly locked: bigint;
}

export type AssetKind = Exclude<OrderKind, 'request'>;

/** An entry contract and its place in a registry. */
export interface AssetRecord {
  readonly kind: AssetKind;
  readonly owner: Address;
  readonly registered: boolean;
  /** Workerpools only. */
  readonly policy?: { readonly workerStakeRatio: bigint; readonly schedulerRewardRatio: bigint };
}

export interface ContributionRecord {
  readonly status: ContributionStatus;
  readonly resultHash: Bytes32;
  readonly resultSeal: Bytes32;
  readonly enclaveChallenge: Address;
  readonly weight: bigint;
}

export interface TaskRecord {
  readonly status: ChainTaskStatus;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly timeref: bigint;
  readonly contributionDeadline: UnixSeconds;
  readonly revealDeadline: UnixSeconds;
  readonly finalDeadline: UnixSeconds;
  readonly consensusValue: Bytes32;
  readonly revealCounter: bigint;
  readonly winnerCounter: bigint;
  readonly contributors: readonly Address[];
  readonly resultDigest: Bytes32;
  readonly results: Hex;
  readonly resultsCallback: Hex;
  /** By worker, one for each of `contributors`. */
  readonly contributions: ReadonlyMap<Address, ContributionRecord>;
  /** Consensus weight by result hash, and 1 plus their sum. */
  readonly groups: ReadonlyMap<Bytes32, bigint>;
  readonly total: bigint;
}

/** Everything the classic market remembers. Addresses are checksummed, maps hold no zero entries that matter. */
export interface MarketState {
  readonly hub: Address;
  /** Owner of the hub, who may add categories. */
  readonly owner: Address;
  readonly token: Address;
  readonly domain: OrderDomain;
  readonly teeBroker: Address;
  readonly accounts: ReadonlyMap<Address, Account>;
  readonly totalSupply: bigint;
  /** What the second may move of the first one's free balance, nRLC; by owner, then spender. */
  readonly allowances: ReadonlyMap<Address, ReadonlyMap<Address, bigint>>;
  /** ERC-734 groups and their members of purpose 4; they never change. */
  readonly groups: ReadonlyMap<Address, ReadonlySet<Address>>;
  /** Balances of the RLC token outside the escrow; the hub's own backs the supply. */
  readonly tokens: ReadonlyMap<Address, bigint>;
  readonly categories: readonly Category[];
  readonly assets: ReadonlyMap<Address, AssetRecord>;
  readonly consumed: ReadonlyMap<OrderHash, bigint>;
  readonly presigned: ReadonlyMap<OrderHash, Address>;
  readonly deals: ReadonlyMap<DealId, Deal>;
  readonly tasks: ReadonlyMap<TaskId, TaskRecord>;
  readonly scores: ReadonlyMap<Address, bigint>;
}

/** A market without deals. */
export function openMarket(setup: {
  readonly chainId: number;
  readonly hub: Address;
  readonly owner: Address;
  readonly token: Address;
  readonly categories: readonly Category[];
  /** RLC of each account, nRLC; each has allowed the hub to pull all of it. */
  readonly tokens: ReadonlyMap<Address, bigint>;
  /** None unless told. */
  readonly groups?: ReadonlyMap<Address, ReadonlySet<Address>>;
}): MarketState {
  return {
    hub: setup.hub,
    owner: setup.owner,
    token: setup.token,
    domain: orderDomain({ chainId: setup.chainId, hubAddress: setup.hub }),
    teeBroker: ZERO_ADDRESS,
    accounts: new Map(),
    totalSupply: 0n,
    allowances: new Map(),
    groups: setup.groups ?? new Map(),
    tokens: setup.tokens,
    categories: setup.categories,
    assets: new Map(),
    consumed: new Map(),
    presigned: new Map(),
    deals: new Map(),
    tasks: new Map(),
    scores: new Map(),
  };
}

const NO_ACCOUNT: Account = { stake: 0n, locked: 0n };

export const accountOf = ({ accounts }: MarketState, owner: Address): Account => accounts.get(owner) ?? NO_ACCOUNT;
export const tokensOf = ({ tokens }: MarketState, owner: Address): bigint => tokens.get(owner) ?? 0n;
export const allowanceOf = ({ allowances }: MarketState, owner: Address, spender: Address): bigint =>
  allowances.get(owner)?.get(spender) ?? 0n;
export const scoreOf = ({ scores }: MarketState, worker: Address): bigint => scores.get(worker) ?? 0n;
export const consumedOf = ({ consumed }: MarketState, hash: OrderHash): bigint => consumed.get(hash) ?? 0n;

/** A copy of the map with these entries set. */
export function withEntries<K, V>(map: ReadonlyMap<K, V>, entries: Iterable<readonly [K, V]>): ReadonlyMap<K, V> {
  return new Map([...map, ...entries]);
}

export function withTask(state: MarketState, id: TaskId, task: TaskRecord): MarketState {
  return { ...state, tasks: withEntries(state.tasks, [[id, task]]) };
}
