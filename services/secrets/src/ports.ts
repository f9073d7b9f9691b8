import type { Address, Bytes32, DealId, Hex, TaskId, UnixSeconds } from '@gleaner/primitives';
import type { ChainTaskStatus, Deal } from '@gleaner/protocol';
import type { EnclaveRelease, SealedSecret, SecretId } from '@gleaner/store';

/** What the service asks of the chain. Fails with `chain-unreachable` or `timed-out`; no failure carries what was asked. */
export interface ChainFacts {
  /** Owner of a data set or app at this moment; absent when it is not in the registry of this market. */
  ownerOf(kind: 'dataset' | 'app', asset: Address): Promise<Address | undefined>;
  /** Whether the account, a key or a contract, signed the digest. */
  isSignedBy(account: Address, digest: Bytes32, signature: Hex): Promise<boolean>;
  /** A task and what belongs to it, all of one block; absent for a task that the hub does not know. */
  findTask(taskId: TaskId): Promise<TaskFacts | undefined>;
}

export interface TaskFacts {
  /** Time of the block. */
  readonly timestamp: UnixSeconds;
  readonly status: ChainTaskStatus;
  readonly contributionDeadline: UnixSeconds;
  readonly dealId: DealId;
  readonly deal: Deal;
  readonly program: Program;
  /** Of the hub; the zero address: none. */
  readonly teeBroker: Address;
  /** SHA-256 of the encrypted file; absent for a deal without data set. */
  readonly datasetChecksum?: Bytes32;
}

/** The program that a deal names, as its app is registered. */
export interface Program {
  readonly app: Address;
  readonly multiaddr: Hex;
  readonly checksum: Bytes32;
}

/** Secrets and what was done with them. Every call is one atomic step: the change and its line in the log, or neither. */
export interface SecretStore {
  has(id: SecretId): Promise<boolean>;
  find(id: SecretId): Promise<SealedSecret | undefined>;
  /** @returns false when there is one already; it stays */
  create(id: SecretId, sealed: SealedSecret, line: LogLine): Promise<boolean>;
  /** @returns false when there is none */
  replace(id: SecretId, sealed: SealedSecret, line: LogLine): Promise<boolean>;
  /** True exactly once for each nonce. */
  burn(nonce: Bytes32, expiresAtMs: number): Promise<boolean>;
  /** @returns false when the worker has another enclave, or other keys, for this task */
  release(release: EnclaveRelease, line: LogLine): Promise<boolean>;
}

/** What the log says of one event; never a value. */
export interface LogLine {
  readonly event: 'secret.created' | 'secret.replaced' | 'secrets.released';
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What evidence binds together; the report data of an enclave is a hash of all of it. */
export interface EnclaveBinding {
  readonly chainId: number;
  readonly hubAddress: Address;
  readonly dealId: DealId;
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly nonce: Bytes32;
  /** secp256k1 public key, 65 bytes uncompressed. */
  readonly signingKey: Hex;
  /** X25519 public key, 32 bytes. */
  readonly sealingKey: Hex;
  readonly measurement: Bytes32;
}

export interface VerifiedEvidence {
  /** `dev-insecure`, or the kind of a hardware back-end. */
  readonly kind: string;
  /** False: the enclave keeps nothing secret from its machine. */
  readonly hardware: boolean;
  /** What the enclave says of itself. */
  readonly claims: EnclaveBinding;
  /** 64 bytes, as the root signed them. */
  readonly reportData: Hex;
}

/**
 * Evidence of an enclave, checked as far as it stands alone: form, signature, root, time.
 * @throws {GleanerError} evidence-invalid
 */
export type VerifyEvidence = (evidence: string, now: UnixSeconds) => Promise<VerifiedEvidence>;

/** What the service must be able to do with enclaves; see packages/attestation. */
export interface Attestation {
  /** Kinds of evidence that `verifyEvidence` takes. */
  readonly kinds: readonly string[];
  readonly verifyEvidence: VerifyEvidence;
  /** SHA-512 of domain and fields, as docs/confidential-tasks.md says; 64 bytes. */
  reportData(binding: EnclaveBinding): Hex;
  /** Measurements that an enclave may have which runs this program. May fetch the program. @throws {GleanerError} content-not-found, service-unreachable */
  measurementsOf(program: Program): Promise<readonly Bytes32[]>;
}

/** Encrypts to an enclave's sealing key (HPKE). @throws {GleanerError} evidence-invalid when that is no key */
export type SealToEnclave = (
  text: string,
  recipient: { readonly sealingKey: Hex; readonly reportData: Hex },
) => Promise<{ readonly encapsulatedKey: Hex; readonly ciphertext: Hex }>;
