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

/**
 * One attempt of this worker at one task, as it survives a restart. The chain holds the rest of its state.
 */
export interface Replicate {
  readonly taskId: TaskId;
  readonly assignment: Assignment;
  readonly computed?: Computed;
  /** The scheduler asked for the archive. */
  readonly uploadRequested: boolean;
  readonly uploadedCid?: string;
  /** What the program printed, until the scheduler has heard of it. */
  readonly untoldLogs?: ReplicateReport['logs'];
}
