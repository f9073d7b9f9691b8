import type { EnclaveBackend } from '@gleaner/enclave';
import type { Address, Clock, TaskId } from '@gleaner/primitives';
import type { Runner } from '@gleaner/sandbox';
import type { Logger } from 'pino';
import type { ReplicateFiles } from './adapters/createReplicateFiles.ts';
import type { Replicate } from './domain/replicate.ts';
import type { ChainPort, ContentPort, SchedulerPort, SecretsPort } from './ports.ts';
import type { Semaphore } from './semaphore.ts';
import type { TaskWatcher } from './taskWatcher.ts';

/** What a worker needs for tasks that run inside enclaves. */
export interface EnclaveParts {
  readonly backend: EnclaveBackend;
  readonly secrets: SecretsPort;
  readonly chainId: number;
  readonly hubAddress: Address;
}

/** Everything the loops of one worker share. */
export interface WorkerContext {
  readonly chain: ChainPort;
  readonly scheduler: SchedulerPort;
  readonly content: ContentPort;
  readonly runner: Runner;
  /** Absent where this worker runs no enclaves. */
  readonly enclaves?: EnclaveParts;
  readonly files: ReplicateFiles;
  readonly watcher: TaskWatcher;
  readonly clock: Clock;
  readonly log: Logger;
  /** One permit per program that may run at once. */
  readonly slots: Semaphore;
  /** Permits taken for replicates that were just accepted and have not started to compute. */
  readonly permits: Map<TaskId, () => void>;
  /** Replicates being driven, the newest record of each. */
  readonly open: Map<TaskId, Replicate>;
  /** Saves a change of an open replicate; does nothing when it has ended meanwhile. */
  update(
    taskId: TaskId,
    change: Partial<Pick<Replicate, 'computed' | 'sealed' | 'uploadRequested' | 'uploadedCid' | 'untoldLogs'>>,
  ): Promise<void>;
  /** Ends a replicate that failed or was called off: its record goes, its driver stops. */
  drop(taskId: TaskId): Promise<void>;
}
