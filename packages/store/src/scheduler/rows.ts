import type { Address, Cid, DealId, ReasonCode, TaskId } from '@gleaner/primitives';
import type { ReplicateStatus } from '@gleaner/protocol';
import type { ColumnType, Generated } from 'kysely';

/** States in which nothing is left to do; a task in one of them is never due. */
export const ENDED_STATES = ['completed', 'failed'] as const;

export interface StateChange {
  readonly state: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly atMs: number;
}

export interface PoolTaskTable {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly workerpool: Address;
  /** One of the scheduler's task states. */
  readonly state: Generated<string>;
  readonly reasonCode: ReasonCode | null;
  readonly reasonMessage: string | null;
  readonly trust: bigint;
  readonly category: bigint;
  /** Seconds. */
  readonly timeref: bigint;
  /** Unix seconds. */
  readonly contributionDeadline: bigint;
  readonly finalDeadline: bigint;
  readonly resultCid: Cid | null;
  /** Grows by one when the task is reopened on chain. */
  readonly generation: Generated<number>;
  readonly attempt: Generated<number>;
  readonly history: ColumnType<StateChange[], string, string>;
  /** Grows with every decision; the optimistic check of `setTaskState`. */
  readonly version: Generated<bigint>;
  /** Grows with every call of `wakeTasks`. */
  readonly wakes: Generated<bigint>;
  readonly nextWakeAt: Generated<Date>;
  readonly claimedBy: string | null;
  readonly claimedUntil: Date | null;
  readonly createdAt: Generated<Date>;
  readonly updatedAt: Generated<Date>;
}

export interface WorkerTable {
  readonly wallet: Address;
  readonly workerpool: Address;
  readonly name: string | null;
  readonly os: string | null;
  readonly cpuCount: number | null;
  readonly memoryBytes: bigint | null;
  readonly kinds: Generated<string[]>;
  /** Tasks it computes at once; 0 until it registers. */
  readonly slots: Generated<number>;
  readonly sessionTokenHash: string | null;
  readonly sessionExpiresAt: Date | null;
  readonly registeredAt: Date | null;
  readonly lastSeenAt: Generated<Date>;
}

export interface ReplicateTable {
  readonly taskId: TaskId;
  readonly worker: Address;
  /** Generation of the task when it was offered. */
  readonly generation: number;
  readonly status: Generated<ReplicateStatus>;
  /** When each status was reported first, milliseconds since 1970-01-01 UTC. */
  readonly stages: ColumnType<Partial<Record<ReplicateStatus, number>>, string, string>;
  readonly failureCode: ReasonCode | null;
  readonly failureMessage: string | null;
  /** Whether every worker would fail alike. */
  readonly deterministic: boolean | null;
  readonly exitCode: number | null;
  readonly resultCid: Cid | null;
  readonly offeredAt: Generated<Date>;
  readonly updatedAt: Generated<Date>;
}

export interface ServedPoolTable {
  readonly workerpool: Address;
  /** Pool that its scheduler was started with. */
  readonly home: Address;
  /** Who owned it when it was taken up; its place is counted as theirs. `null`: taken up before owners were recorded and not known. */
  readonly owner: Address | null;
  readonly servedAt: Generated<Date>;
}

export interface TaskLogTable {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly stdout: string;
  readonly stderr: string;
  readonly updatedAt: Generated<Date>;
}
