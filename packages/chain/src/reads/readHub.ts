import { hubAbi } from '@gleaner/abi';
import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import type { AppOrder, Category, DatasetOrder, Deal, RequestOrder, Signed, WorkerpoolOrder } from '@gleaner/protocol';
import { getContract } from 'viem';
import type { Chain } from '../client/createChain.ts';
import {
  type ChainContribution,
  type ChainTask,
  type ContributionKey,
  type EscrowAccount,
  toChainContribution,
  toChainTask,
  toDeal,
} from './hubValues.ts';
import { blockOf, type ReadOptions } from './ReadOptions.ts';

/** Addresses that the hub works with. */
export interface MarketAddresses {
  readonly hub: Address;
  readonly token: Address;
  readonly registries: { readonly app: Address; readonly dataset: Address; readonly workerpool: Address };
}

export interface HubSettings {
  readonly owner: Address;
  readonly teeBroker: Address;
  readonly callbackGas: bigint;
}

/** Four signed orders, as `matchOrders` takes them. */
export interface OrderSet {
  readonly app: Signed<AppOrder>;
  readonly dataset: Signed<DatasetOrder>;
  readonly workerpool: Signed<WorkerpoolOrder>;
  readonly request: Signed<RequestOrder>;
}

/**
 * Views of the hub as values. Plural forms travel together in few requests, in the order of their arguments;
 * give a block where several answers must agree. Each may fail with `chain-unreachable` or `timed-out`.
 */
export interface HubReader {
  /** `undefined` for an unknown id. */
  viewDeal(id: DealId, options?: ReadOptions): Promise<Deal | undefined>;
  viewDeals(ids: readonly DealId[], options?: ReadOptions): Promise<(Deal | undefined)[]>;
  viewTask(id: TaskId, options?: ReadOptions): Promise<ChainTask>;
  viewTasks(ids: readonly TaskId[], options?: ReadOptions): Promise<ChainTask[]>;
  viewContribution(key: ContributionKey, options?: ReadOptions): Promise<ChainContribution>;
  viewContributions(keys: readonly ContributionKey[], options?: ReadOptions): Promise<ChainContribution[]>;
  viewAccount(account: Address, options?: ReadOptions): Promise<EscrowAccount>;
  viewAccounts(accounts: readonly Address[], options?: ReadOptions): Promise<EscrowAccount[]>;
  viewScore(worker: Address, options?: ReadOptions): Promise<bigint>;
  viewScores(workers: readonly Address[], options?: ReadOptions): Promise<bigint[]>;
  /** Units of the order used up; a closed order has used all. */
  viewConsumed(order: OrderHash, options?: ReadOptions): Promise<bigint>;
  viewConsumedOf(orders: readonly OrderHash[], options?: ReadOptions): Promise<bigint[]>;
  /** Who presigned the order; the zero address when nobody did. */
  viewPresigned(order: OrderHash, options?: ReadOptions): Promise<Address>;
  viewCategory(id: bigint, options?: ReadOptions): Promise<Category>;
  countCategory(options?: ReadOptions): Promise<bigint>;
  /** All categories; the index is the id. */
  viewCategories(options?: ReadOptions): Promise<Category[]>;
  /** Whether the account signed or presigned the order or message; `false` whenever the hub would not take the signature. */
  isSignedBy(account: Address, hash: Bytes32 | OrderHash, signature: Hex, options?: ReadOptions): Promise<boolean>;
  computeDealVolume(orders: OrderSet, options?: ReadOptions): Promise<bigint>;
  /** Callback data of a completed task. @throws {GleanerError} chain-reverted with `task-pending` before */
  resultFor(id: TaskId, options?: ReadOptions): Promise<Hex>;
  /** Free balance in nRLC, and what an account may spend for another. */
  balanceOf(account: Address, options?: ReadOptions): Promise<bigint>;
  allowance(owner: Address, spender: Address, options?: ReadOptions): Promise<bigint>;
  addresses(options?: ReadOptions): Promise<MarketAddresses>;
  settings(options?: ReadOptions): Promise<HubSettings>;
  /** Who lets workers with enclaves into tasks; the zero address: the owner of the pool. */
  teeBroker(options?: ReadOptions): Promise<Address>;
  /** Whether the hub was made for development enclaves; false for a hub that does not know the question. */
  developmentEnclaves(options?: ReadOptions): Promise<boolean>;
}

export function readHub(chain: Chain): HubReader {
  const { read } = getContract({ address: chain.hubAddress, abi: hubAbi, client: chain.client });
  const many = <K, V>(one: (key: K, options?: ReadOptions) => Promise<V>) => {
    return (keys: readonly K[], options?: ReadOptions): Promise<V[]> => Promise.all(keys.map((key) => one(key, options)));
  };

  const viewDeal: HubReader['viewDeal'] = async (id, options) =>
    toDeal(await chain.attempt(() => read.viewDeal([id], blockOf(options)), 'viewDeal'));
  const viewTask: HubReader['viewTask'] = async (id, options) =>
    toChainTask(await chain.attempt(() => read.viewTask([id], blockOf(options)), 'viewTask'));
  const viewContribution: HubReader['viewContribution'] = async ({ taskId, worker }, options) =>
    toChainContribution(await chain.attempt(() => read.viewContribution([taskId, worker], blockOf(options)), 'viewContribution'));
  const viewAccount: HubReader['viewAccount'] = (account, options) =>
    chain.attempt(() => read.viewAccount([account], blockOf(options)), 'viewAccount');
  const viewScore: HubReader['viewScore'] = (worker, options) =>
    chain.attempt(() => read.viewScore([worker], blockOf(options)), 'viewScore');
  const viewConsumed: HubReader['viewConsumed'] = (order, options) =>
    chain.attempt(() => read.viewConsumed([order], blockOf(options)), 'viewConsumed');
  const viewCategory: HubReader['viewCategory'] = (id, options) =>
    chain.attempt(() => read.viewCategory([id], blockOf(options)), 'viewCategory');
  const countCategory: HubReader['countCategory'] = (options) => chain.attempt(() => read.countCategory(blockOf(options)), 'countCategory');

  const teeBroker: HubReader['teeBroker'] = (options) => chain.attempt(() => read.teebroker(blockOf(options)), 'teebroker');

  return {
    viewDeal,
    viewDeals: many(viewDeal),
    viewTask,
    viewTasks: many(viewTask),
    viewContribution,
    viewContributions: many(viewContribution),
    viewAccount,
    viewAccounts: many(viewAccount),
    viewScore,
    viewScores: many(viewScore),
    viewConsumed,
    viewConsumedOf: many(viewConsumed),
    viewPresigned: (order, options) => chain.attempt(() => read.viewPresigned([order], blockOf(options)), 'viewPresigned'),
    viewCategory,
    countCategory,
    async viewCategories(options) {
      const count = await countCategory(options);
      return many(viewCategory)(
        Array.from({ length: Number(count) }, (_, id) => BigInt(id)),
        options,
      );
    },
    isSignedBy: (account, hash, signature, options) =>
      chain
        .attempt(() => read.verifyPresignatureOrSignature([account, hash, signature], blockOf(options)), 'verifyPresignatureOrSignature')
        .catch(falseWhenUnanswered),
    computeDealVolume: ({ app, dataset, workerpool, request }, options) =>
      chain.attempt(() => read.computeDealVolume([app, dataset, workerpool, request], blockOf(options)), 'computeDealVolume'),
    resultFor: (id, options) => chain.attempt(() => read.resultFor([id], blockOf(options)), 'resultFor'),
    balanceOf: (account, options) => chain.attempt(() => read.balanceOf([account], blockOf(options)), 'balanceOf'),
    allowance: (owner, spender, options) => chain.attempt(() => read.allowance([owner, spender], blockOf(options)), 'allowance'),
    async addresses(options) {
      const [token, app, dataset, workerpool] = await Promise.all([
        chain.attempt(() => read.token(blockOf(options)), 'token'),
        chain.attempt(() => read.appregistry(blockOf(options)), 'appregistry'),
        chain.attempt(() => read.datasetregistry(blockOf(options)), 'datasetregistry'),
        chain.attempt(() => read.workerpoolregistry(blockOf(options)), 'workerpoolregistry'),
      ]);
      return { hub: chain.hubAddress, token, registries: { app, dataset, workerpool } };
    },
    developmentEnclaves: (options) =>
      chain.attempt(() => read.developmentEnclaves(blockOf(options)), 'developmentEnclaves').catch(falseWhenRefused),
    teeBroker,
    async settings(options) {
      const [owner, broker, callbackGas] = await Promise.all([
        chain.attempt(() => read.owner(blockOf(options)), 'owner'),
        teeBroker(options),
        chain.attempt(() => read.callbackgas(blockOf(options)), 'callbackgas'),
      ]);
      return { owner, teeBroker: broker, callbackGas };
    },
  };
}

/** The hub reverts at a signature of impossible length, and when the account is a contract that answers with anything but a bytes4. */
function falseWhenUnanswered(error: unknown): false {
  const { details } = error as { details?: { revert?: unknown; revertKind?: unknown } };
  if (details?.revert === 'invalid-signature-format' || details?.revertKind === 'empty') return false;
  throw error;
}

function falseWhenRefused(error: unknown): false {
  if (isGleanerError(error) && error.code === 'chain-reverted') return false;
  throw error;
}
