import type { Assignment, ReplicateReport } from '@gleaner/api';
import type { Address, Bytes32, Hex, TaskId } from '@gleaner/primitives';

/** Facts about a finished execution, kept on disk before anything is sent to the chain. */
interface Computed {
  readonly digest: Bytes32;
  /** Zip of /iexec_out, ready for upload. */
  readonly archivePath: string;
  /** What the enclave signed before it ended; a result of an enclave needs it no more. */
  readonly enclave?: EnclaveResult;
}

/** The result of an enclave, with all that its contribution needs. */
export interface EnclaveResult {
  readonly address: Address;
  readonly sign: Hex;
  /** The pool's, of worker, task and enclave. */
  readonly authorization: Hex;
  /** Whether the chain lets this worker settle the task alone: trust 1. */
  readonly settlesAlone: boolean;
  readonly callbackData?: Hex;
}

/** What an enclave left before it ended; the secret service opens it for whoever asks for no other enclave afterwards. */
export interface SealedAnswer {
  readonly address: Address;
  /** Base64. */
  readonly answer: string;
  readonly sealedArchivePath: string;
  /** The pool's, of worker, task and enclave. */
  readonly authorization: Hex;
  readonly settlesAlone: boolean;
}

/**
 * One attempt of this worker at one task, as it survives a restart. The chain holds the rest of its state.
 */
export interface Replicate {
  readonly taskId: TaskId;
  readonly assignment: Assignment;
  readonly computed?: Computed;
  readonly sealed?: SealedAnswer | undefined;
  /** The scheduler asked for the archive. */
  readonly uploadRequested: boolean;
  readonly uploadedCid?: string;
  /** What the program printed, until the scheduler has heard of it. */
  readonly untoldLogs?: ReplicateReport['logs'];
}
