import type { Address, Bytes32, Cid, DealId, Hex, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { SigningRight } from './domain/signingRight.ts';

/**
 * Transactions in the name of the pool's owner. Each carries an idempotency key: asked again after a crash, the same effect is awaited, not sent twice.
 * All resolve with the block number of the receipt.
 */
export interface PoolChain {
  /** The key itself, or the operator contract whose agent it is. */
  readonly owner: Address;
  initialize(input: { dealId: DealId; indexes: readonly bigint[] }, signal: AbortSignal): Promise<bigint>;
  finalize(input: { taskId: TaskId; results: Hex; resultsCallback: Hex; effect: string }, signal: AbortSignal): Promise<bigint>;
  reopen(input: { taskId: TaskId; revealDeadline: UnixSeconds }, signal: AbortSignal): Promise<bigint>;
  /** Scores of workers, in the order asked. */
  scores(workers: readonly Address[]): Promise<readonly bigint[]>;
  /** Signature of the pool's owner that lets this worker contribute to this task: with this enclave, or with none. */
  authorize(worker: Address, taskId: TaskId, enclave?: Address): Promise<Hex>;
}

/** The secret service, by the address of its key. */
export interface Approver {
  readonly address: Address;
  /** Whether its enclaves are those of a processor, not simulated. */
  readonly hardware: boolean;
}

/** Who may approve enclaves for the tasks of this pool. */
export interface EnclaveApprover {
  /**
   * @throws {GleanerError} enclave-not-allowed where its kind of enclave does not count; service-unreachable
   */
  approver(signal: AbortSignal): Promise<Approver>;
}

/** What the scheduler's key may sign, as the chain has it now. Fails with the typed errors of the chain. */
export interface PoolRights {
  /** Address of the key. */
  readonly key: Address;
  /** In whose name the key signs for pools of this owner; `undefined`: not at all. */
  over(owner: Address): Promise<SigningRight | undefined>;
  chainOf(right: SigningRight): PoolChain;
}

/** What serving a pool depends on. Fails with the typed errors of chain and market. */
export interface PoolFacts {
  /** Owner of a registered workerpool, and the owner of that contract when it is an operator. */
  ownerOf(workerpool: Address): Promise<{ readonly owner: Address; readonly operatorOwner?: Address } | undefined>;
  /** Whether the account signed, be it a key or a contract. */
  isSignedBy(account: Address, hash: Bytes32, signature: Hex): Promise<boolean>;
  /** nRLC. */
  freeStakeOf(owner: Address): Promise<bigint>;
  /** Open orders of the pool in the book. */
  countOrders(workerpool: Address): Promise<number>;
}

/** Result archives as the content gateway holds them. */
export interface Archives {
  /**
   * Digest of the archive behind a content id, computed anew from its files; with `callback` the data for the contract too.
   * @throws {GleanerError} content-not-found, content-too-large, result-invalid
   */
  digestOf(
    cid: Cid,
    options: { callback: boolean; signal: AbortSignal },
  ): Promise<{ readonly digest: Bytes32; readonly callbackData?: Hex }>;
  /** Whether it is an archive that its beneficiary alone can open. @throws {GleanerError} as `digestOf` */
  isEncrypted(cid: Cid, signal: AbortSignal): Promise<boolean>;
}
