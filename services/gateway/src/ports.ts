import type { EnclaveAuthorization } from '@gleaner/api';
import type { Address, Cid, ReasonCode, TaskId } from '@gleaner/primitives';

export type UploadDecision = { readonly allowed: true } | { readonly allowed: false; readonly code: ReasonCode; readonly message: string };

/** Who may upload the result of a task, as the chain says at this moment. */
export interface ResultRights {
  /**
   * @param enclave what the pool authorised, for an upload before the task is settled
   * @throws {GleanerError} chain-unreachable, timed-out
   */
  mayUpload(taskId: TaskId, worker: Address, enclave?: EnclaveAuthorization): Promise<UploadDecision>;
}

export interface ResultEntry {
  readonly worker: Address;
  readonly cid: Cid;
}

/** Which archives were uploaded for a task. Entries are only ever added; adding one again changes nothing. */
export interface ResultIndex {
  /** Oldest first. */
  list(taskId: TaskId): Promise<readonly ResultEntry[]>;
  /** Durable when the promise resolves. @throws {GleanerError} disk-full, data-unreadable */
  add(taskId: TaskId, entry: ResultEntry): Promise<void>;
}
