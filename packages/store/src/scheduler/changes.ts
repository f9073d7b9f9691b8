import type { Address, TaskId } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { findChain } from '../ledger/chain.ts';
import { lower } from '../sql/lower.ts';

export interface ChangedTasks {
  readonly taskIds: TaskId[];
  /** Head the answer holds for; ask from here the next time. */
  readonly head: bigint;
  readonly rewinds: bigint;
}

/**
 * Open tasks of pools that the chain has changed above `block`; after a reorganisation (`rewinds` differs) all open ones.
 * Start with `block: -1n, rewinds: -1n`.
 */
export async function listTaskIdsChangedSince(
  db: Kysely<Database>,
  { workerpools, block, rewinds }: { workerpools: readonly Address[]; block: bigint; rewinds: bigint },
): Promise<ChangedTasks> {
  const chain = await findChain(db);
  if (!chain) return { taskIds: [], head: block, rewinds };
  const changed =
    chain.rewinds === rewinds
      ? sql`exists (select 1 from task where task.task_id = pool_task.task_id and task.updated_block > ${block})`
      : sql`true`;
  const { rows } = await sql<{ taskId: TaskId }>`
    select task_id from pool_task
    where workerpool = any(${workerpools.map(lower)}::text[]) and state not in ('completed', 'failed') and ${changed}`.execute(db);
  return { taskIds: rows.map(({ taskId }) => taskId), head: chain.headNumber, rewinds: chain.rewinds };
}
