import type { Assignment, Directive, EnclaveAuthorization, ReplicateReport } from '@gleaner/api';
import type { Address, Bytes32, DealId, Hex, TaskId } from '@gleaner/primitives';
import type { ChainTaskStatus, ContributionStatus } from '@gleaner/protocol';

/** The scheduler of the pool, as this worker sees it. Every call is safe to repeat. */
export interface SchedulerPort {
  /** Waits up to `waitMs` for work not among `holding`; `undefined` when there is none. */
  nextWork(waitMs: number, holding: readonly TaskId[], signal: AbortSignal): Promise<Assignment | undefined>;
  report(taskId: TaskId, report: ReplicateReport, signal: AbortSignal): Promise<Directive>;
  /** Heartbeat naming the tasks held; gives back what the scheduler wants of them. */
  ping(holding: readonly TaskId[], signal: AbortSignal): Promise<readonly Directive[]>;
  /** The pool's authorisation of this worker with an enclave that a secret service approved. */
  authorizeEnclave(taskId: TaskId, approved: { enclave: Address; approval: Hex }, signal: AbortSignal): Promise<Hex>;
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
  /** Where the encrypted data set lies; absent without one. */
  readonly datasetMultiaddr?: string;
  readonly params: string;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  /** The result is delivered to a contract. */
  readonly callback: boolean;
  /** The deal may be served inside an enclave only. */
  readonly enclave: boolean;
  readonly tag: Bytes32;
  readonly trust: bigint;
  /** In nRLC, locked from this worker by its contribution. */
  readonly workerStake: bigint;
}

/** Chain reads and the two transactions of a worker. */
export interface ChainPort {
  readonly worker: Address;
  head(signal: AbortSignal): Promise<{ readonly number: bigint; readonly timestamp: bigint }>;
  /** @throws {GleanerError} deal-not-found */
  readTerms(dealId: DealId, signal: AbortSignal): Promise<TaskTerms>;
  /**
   * Where the encrypted data sets lie, in the order asked for.
   * @throws {GleanerError} bulk-order-refused for an address that is no data set
   */
  readDatasetLocations(datasets: readonly Address[], signal: AbortSignal): Promise<readonly string[]>;
  readTasks(taskIds: readonly TaskId[], signal: AbortSignal): Promise<ReadonlyMap<TaskId, TaskOnChain>>;
  /** Resolves on the mined receipt; sending the same contribution again after a restart has no second effect. */
  contribute(
    input: { taskId: TaskId; resultHash: Bytes32; resultSeal: Bytes32; authorization: Hex; enclave?: EnclaveProof },
    signal: AbortSignal,
  ): Promise<void>;
  /** Settles a task of trust 1 at once; what is sent again after a restart is refused by the chain and changes nothing. */
  contributeAndFinalize(
    input: { taskId: TaskId; digest: Bytes32; cid: string; callbackData?: Hex; authorization: Hex; enclave: EnclaveProof },
    signal: AbortSignal,
  ): Promise<void>;
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

/** A contribution's proof that an enclave made the result. */
interface EnclaveProof {
  readonly address: Address;
  readonly sign: Hex;
}

/** The secret service, as a worker sees it: it moves bytes that it cannot read. */
export interface SecretsPort {
  /** A nonce for the evidence of one enclave. */
  challenge(taskId: TaskId, signal: AbortSignal): Promise<Bytes32>;
  /**
   * Exchanges evidence for sealed secrets and the approval of the enclave.
   * @throws {GleanerError} the code of the check that failed
   */
  openSession(
    session: { taskId: TaskId; nonce: Bytes32; evidence: string; invitation: Hex },
    signal: AbortSignal,
  ): Promise<{ readonly enclave: Address; readonly approval: Hex; readonly sealed: SealedRelease }>;
  /**
   * The key that opens the answer of an enclave; none of this worker follows it. Safe to repeat.
   * @throws {GleanerError} enclave-already-released when it is not the current one
   */
  closeSession(closing: { taskId: TaskId; enclave: Address }, signal: AbortSignal): Promise<Bytes32>;
}

interface SealedRelease {
  readonly encapsulatedKey: Hex;
  readonly ciphertext: Hex;
}

/** Content in and result archives out. What is fetched by content id is verified before it is given. */
export interface ContentPort {
  /** Path of a local file with the verified content. */
  fetch(cid: string, options: { maxBytes: number; signal: AbortSignal }): Promise<string>;
  /**
   * Saves what a plain URL of a request gives; nothing vouches for it.
   * @throws {GleanerError} input-unreachable, content-too-large, aborted
   */
  download(url: string, options: { path: string; maxBytes: number; signal: AbortSignal }): Promise<void>;
  /**
   * Uploads a result archive and gives its content id.
   * @param enclave the pool's authorisation, for an archive that must be there before the task is settled
   */
  uploadResult(taskId: TaskId, archivePath: string, signal: AbortSignal, enclave?: EnclaveAuthorization): Promise<string>;
}
