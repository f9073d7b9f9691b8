import type { Address, Bytes32, DealId, Hex, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { BulkOrderView, ChainTaskStatus, DatasetOrder, Deal, Signed } from '@gleaner/protocol';
import type { EnclaveRelease, SealedSecret, SecretId } from '@gleaner/store';

/** What the service asks of the chain. Fails with `chain-unreachable` or `timed-out`; no failure carries what was asked. */
export interface ChainFacts {
  /** Owner of a data set or app at this moment; absent when it is not in the registry of this market. */
  ownerOf(kind: 'dataset' | 'app', asset: Address): Promise<Address | undefined>;
  /** Whether the account, a key or a contract, signed the digest. */
  isSignedBy(account: Address, digest: Bytes32, signature: Hex): Promise<boolean>;
  /** A task and what belongs to it, all of one block; absent for a task that the hub does not know. */
  findTask(taskId: TaskId): Promise<TaskFacts | undefined>;
  /** Whether the hub lets development enclaves count; false for a hub that does not know the question. */
  hubAllowsDevelopment(): Promise<boolean>;
  /** What the orders of a bulk are held against, in their order and all of one block. */
  findBulkOrders(orders: readonly Signed<DatasetOrder>[], deal: Deal): Promise<readonly BulkOrderFacts[]>;
}

export interface BulkOrderFacts extends Omit<BulkOrderView, 'deal'> {
  /** SHA-256 of the encrypted file; absent for a data set that is not registered. */
  readonly checksum?: Bytes32;
}

/**
 * Bytes behind a content id that hash to it.
 * @throws {GleanerError} content-not-found, content-too-large, content-corrupt, bad-request for an id that names no file
 */
export type ReadContent = (contentId: string, options: { readonly maxBytes: number }) => Promise<Uint8Array>;

export interface TaskFacts {
  /** Time of the block. */
  readonly timestamp: UnixSeconds;
  readonly status: ChainTaskStatus;
  readonly contributionDeadline: UnixSeconds;
  readonly dealId: DealId;
  /** Of the task, counted over all deals of its request. */
  readonly index: bigint;
  readonly deal: Deal;
  /** The program that the deal names, as its app is registered. */
  readonly program: { readonly app: Address; readonly multiaddr: Hex; readonly checksum: Bytes32 };
  /** Of the hub; the zero address: none. */
  readonly teeBroker: Address;
  /** SHA-256 of the encrypted file; absent for a deal without data set. */
  readonly datasetChecksum?: Bytes32;
}

/** Secrets and what was done with them. Every call is one atomic step: the change and its line in the log, or neither. */
export interface SecretStore {
  has(id: SecretId): Promise<boolean>;
  find(id: SecretId): Promise<SealedSecret | undefined>;
  /**
   * @returns false when there is one already; it stays
   * @throws {GleanerError} secret-limit
   */
  create(id: SecretId, sealed: SealedSecret, line: LogLine): Promise<boolean>;
  /** @returns false when there is none */
  replace(id: SecretId, sealed: SealedSecret, line: LogLine): Promise<boolean>;
  /** True exactly once for each nonce. */
  burn(nonce: Bytes32, expiresAtMs: number): Promise<boolean>;
  /**
   * Makes this the current enclave of its worker for the task, with this key of its answer unless it has one.
   * @returns the key of its answer; absent when the worker has an enclave that was closed, or has had too many
   */
  release(release: EnclaveRelease, answer: SealedSecret, line: LogLine): Promise<SealedSecret | undefined>;
  /**
   * No other enclave takes the place of this one any more. The line is written by whoever closes it first.
   * @returns the key of its answer; absent when it is not the current one
   */
  close(release: Omit<EnclaveRelease, 'sealingKey'>, line: LogLine): Promise<SealedSecret | undefined>;
}

/** What the log says of one event; never a value. */
export interface LogLine {
  readonly event: 'secret.created' | 'secret.replaced' | 'secrets.released' | 'enclave.closed' | 'key.rotated';
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Encrypts to an enclave's sealing key (HPKE). @throws {GleanerError} evidence-invalid when that is no key */
export type SealToEnclave = (
  text: string,
  recipient: { readonly sealingKey: Hex; readonly reportData: Hex },
) => Promise<{ readonly encapsulatedKey: Hex; readonly ciphertext: Hex }>;
