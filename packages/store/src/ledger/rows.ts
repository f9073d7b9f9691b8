import type { Address, Bytes32, DealId, Hex, OrderHash, TaskId } from '@gleaner/primitives';
import type { GeneratedAlways } from 'kysely';

/** The chain this database follows; a single row. */
export interface ChainTable {
  readonly singleton: GeneratedAlways<boolean>;
  readonly chainId: bigint;
  readonly genesisHash: Bytes32;
  readonly hubAddress: Address;
  /** Highest block that was folded. */
  readonly headNumber: bigint;
  readonly headHash: Bytes32;
  /** Unix seconds. */
  readonly headTimestamp: bigint;
  /** How many reorganisations were followed; grows by one with each. */
  readonly rewinds: bigint;
  readonly updatedAt: Date;
}

export interface BlockRow {
  readonly number: bigint;
  readonly hash: Bytes32;
  readonly parentHash: Bytes32;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** Enough of a block to be a head. */
export type Head = Pick<BlockRow, 'number' | 'hash' | 'timestamp'>;

/** One log of the hub or of a registry that changes a projection. Money and uses of orders have rows of their own. */
export interface EventRow {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly transactionHash: Bytes32;
  /** Contract that emitted it. */
  readonly address: Address;
  readonly name: string;
  /** What it changes: `deal:0x…`, `task:0x…`, `asset:0x…`, `category:N`. */
  readonly subject: string;
  /** JSON as the ledger encodes it. */
  readonly args: unknown;
  /** What the chain says at that block beyond the event, or null. */
  readonly detail: unknown;
}

export type MoneyKind = 'Transfer' | 'Lock' | 'Unlock' | 'Reward' | 'Seize';

/** One movement in the escrow. Amounts in nRLC. */
export interface MoneyRow {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly transactionHash: Bytes32;
  readonly kind: MoneyKind;
  /** Whose money moves; the sender of a Transfer. */
  readonly account: Address;
  /** Receiver of a Transfer, otherwise null. */
  readonly counterparty: Address | null;
  readonly amount: bigint;
  /** Task id of a Reward or Seize, otherwise null. */
  readonly ref: Hex | null;
}

export type ConsumedKind = 'matched' | 'closed' | 'signed';

/** One use of an order: volume taken by a deal, closed, or presigned. */
export interface ConsumedRow {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly orderHash: OrderHash;
  readonly kind: ConsumedKind;
  /** 0 unless `matched`. */
  readonly volume: bigint;
  readonly dealId: DealId | null;
}

/** Deal as the hub holds it, with the hashes of its orders. Prices in nRLC per task, times in Unix seconds. */
export interface DealRow {
  readonly dealId: DealId;
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly blockTimestamp: bigint;
  readonly transactionHash: Bytes32;
  readonly app: Address;
  readonly appOwner: Address;
  readonly appPrice: bigint;
  readonly dataset: Address;
  readonly datasetOwner: Address;
  readonly datasetPrice: bigint;
  readonly workerpool: Address;
  readonly workerpoolOwner: Address;
  readonly workerpoolPrice: bigint;
  readonly trust: bigint;
  readonly category: bigint;
  readonly tag: Bytes32;
  readonly requester: Address;
  readonly beneficiary: Address;
  readonly callback: Address;
  readonly params: string;
  readonly startTime: bigint;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  readonly workerStake: bigint;
  /** Percent. */
  readonly schedulerRewardRatio: bigint;
  readonly sponsor: Address;
  readonly appHash: OrderHash;
  readonly datasetHash: OrderHash;
  readonly workerpoolHash: OrderHash;
  readonly requestHash: OrderHash;
}

export type TaskStatus = 'ACTIVE' | 'REVEALING' | 'COMPLETED' | 'FAILED';

/** Task as the hub holds it; a task that was never initialized has no row. Times in Unix seconds. */
export interface TaskRow {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly status: TaskStatus;
  readonly timeref: bigint;
  readonly contributionDeadline: bigint;
  /** 0 while there is no consensus. */
  readonly revealDeadline: bigint;
  readonly finalDeadline: bigint;
  readonly consensusValue: Bytes32 | null;
  readonly winnerCounter: number;
  readonly revealCounter: number;
  /** How often the task was reopened. */
  readonly reopenings: number;
  readonly resultDigest: Bytes32 | null;
  /** Bytes that the scheduler gave to `finalize`. */
  readonly results: Hex | null;
  readonly initializedAt: bigint;
  readonly consensusAt: bigint | null;
  /** When it was finalized or claimed. */
  readonly endedAt: bigint | null;
  readonly updatedBlock: bigint;
}

export type ContributionStatus = 'CONTRIBUTED' | 'PROVED' | 'REJECTED';

export interface ContributionRow {
  readonly taskId: TaskId;
  readonly worker: Address;
  /** 0-based rank among the contributions of the task. */
  readonly position: number;
  readonly status: ContributionStatus;
  readonly resultHash: Bytes32;
  readonly resultDigest: Bytes32 | null;
  /** What finalize said about it (it moves the score), or null. */
  readonly accurate: boolean | null;
  readonly contributedAt: bigint;
  readonly contributedBlock: bigint;
  readonly transactionHash: Bytes32;
  readonly revealedAt: bigint | null;
}

export type AssetKind = 'app' | 'dataset' | 'workerpool';

export interface AssetRow {
  readonly address: Address;
  readonly kind: AssetKind;
  readonly owner: Address;
  readonly createdBlock: bigint;
  readonly updatedBlock: bigint;
}

export interface CategoryRow {
  readonly categoryId: bigint;
  readonly name: string;
  readonly description: string;
  /** Seconds. */
  readonly timeref: bigint;
  readonly createdBlock: bigint;
}
