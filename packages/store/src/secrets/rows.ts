import type { Address, TaskId } from '@gleaner/primitives';
import type { ColumnType, Generated } from 'kysely';

/** Whose secret it is: of a data set or an app (the owner is its address), of an account (web2), of a requester. */
export type SecretKind = 'dataset' | 'account' | 'app' | 'requester';

/** What names a secret. */
export interface SecretId {
  readonly kind: SecretKind;
  readonly owner: Address;
  /** Empty for kinds of which an owner has one. */
  readonly name: string;
}

/** AES-256-GCM: nonce of 12 bytes; ciphertext with its tag of 16 bytes at the end. */
export interface SealedSecret {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

type Time = ColumnType<Date, Date | undefined, Date>;

export interface SecretTable extends SecretId, SealedSecret {
  readonly createdAt: Time;
  readonly updatedAt: Time;
}

/** A line of the log. `hash` covers the other fields, `previous` is the hash of the line before. */
export interface SecretLogRow {
  readonly sequence: bigint;
  readonly event: string;
  /** JSON, as it was hashed. */
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
}

export interface EnclaveNonceTable {
  readonly nonce: string;
  readonly expiresAt: Date;
}

export interface EnclaveReleaseTable {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly enclave: Address;
  readonly sealingKey: string;
  readonly firstReleasedAt: Time;
  /** AES-256-GCM of the key that seals the enclave's answer; null in rows of before there was one. */
  readonly answerNonce: Uint8Array | null;
  readonly answerKey: Uint8Array | null;
  /** How many were current, this one included. */
  readonly enclaves: Generated<number>;
  /** When the answer key was given away first. */
  readonly closedAt: ColumnType<Date | null, Date | null | undefined, Date>;
}
