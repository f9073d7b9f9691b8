import type { Assignment } from '@gleaner/api';
import type { Bytes32, TaskId } from '@gleaner/primitives';

/** Facts about a finished execution, kept on disk before anything is sent to the chain. */
interface Computed {
  readonly digest: Bytes32;
  /** Zip of /iexec_out, ready for upload. */
  readonly archivePath: string;
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
}
