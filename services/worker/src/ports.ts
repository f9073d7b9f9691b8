import type { Assignment, Directive, ReplicateReport } from '@gleaner/api';
import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import type { ChainTaskStatus, ContributionStatus } from '@gleaner/protocol';

/** The scheduler of the pool, as this worker sees it. Every call is safe to repeat. */
export interface SchedulerPort {
  /** Waits up to `waitMs` for work not among `holding`; `undefined` when there is none. */
  nextWork(waitMs: number, holding: readonly TaskId[], signal: AbortSignal): Promise<Assignment | undefined>;
  report(taskId: TaskId, report: ReplicateReport, signal: AbortSignal): Promise<Directive>;
  /** Heartbeat naming the tasks held; gives back what the scheduler wants of them. */
  ping(holding: readonly TaskId[], signal: AbortSignal): Promise<readonly Directive[]>;
  /** Milliseconds between heartbeats, known after registration. */
  register(signal: AbortSignal): Promise<{ readonly pingMs: number }>;
}

/** What the chain says of one task, as far as a worker needs it. */
export interface TaskOnChain {
  readonly status: ChainTaskStatus;
  readonly consensusValue: Bytes32;
  readonly contributionDeadline: bigint;
  readonly revealDeadline: bigint;
  readonly finalDeadline: bigint;
  /** Own contribution. */
  readonly contribution: ContributionStatus;
}

/** The terms of a task, fixed by its deal; read from the chain, never taken from the scheduler's word. */
export interface TaskTerms {
  readonly app: { readonly address: Address; readonly type: string; readonly multiaddr: string; readonly checksum: Hex };
  readonly dataset: Address;
  readonly params: string;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  /** The result is delivered to a contract. */
  readonly callback: boolean;
  /** In nRLC, locked from this worker by its contribution. */
  readonly workerStake: bigint;
}

/** Chain reads and the two transactions of a worker. */
export interface ChainPort {
  readonly worker: Address;
  head(signal: AbortSignal): Promise<{ readonly number: bigint; readonly timestamp: bigint }>;
  /** @throws {GleanerError} deal-not-found */
  readTerms(dealId: DealId, signal: AbortSignal): Promise<TaskTerms>;
  readTasks(taskIds: readonly TaskId[], signal: AbortSignal): Promise<ReadonlyMap<TaskId, TaskOnChain>>;
  /** Resolves on the mined receipt; sending the same contribution again after a restart has no second effect. */
  contribute(input: { taskId: TaskId; resultHash: Bytes32; resultSeal: Bytes32; authorization: Hex }, signal: AbortSignal): Promise<void>;
  reveal(taskId: TaskId, digest: Bytes32, signal: AbortSignal): Promise<void>;
  /** Deposits what the free escrow lacks of the target, as far as the wallet goes. @returns free escrow afterwards, in nRLC */
  putUpStake(target: bigint, signal: AbortSignal): Promise<bigint>;
  close(): void;
}

/** What everybody sees of others on chain; only workers that misbehave look. */
export interface MarketView {
  ownScore(): Promise<bigint>;
  /** What others have committed to, in the order of their contributions. */
  resultHashes(taskId: TaskId): Promise<readonly Bytes32[]>;
}

/** Content in and result archives out. Everything fetched is verified before it is given. */
export interface ContentPort {
  /** Path of a local file with the verified content. */
  fetch(cid: string, options: { maxBytes: number; signal: AbortSignal }): Promise<string>;
  /** Uploads a result archive and gives its content id. */
  uploadResult(taskId: TaskId, archivePath: string, signal: AbortSignal): Promise<string>;
}
