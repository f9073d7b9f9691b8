import type { Address, TaskId } from '@gleaner/primitives';
import { MAX_LOG_CHARS } from '@gleaner/protocol';
import { type Kysely, sql } from 'kysely';
import type { Database, TaskLogRow } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import { cleanText } from '../sql/toJsonText.ts';

/** Keeps the tail of what a program printed; a second call overwrites. */
export async function putTaskLog(
  db: Kysely<Database>,
  { taskId, worker, stdout, stderr }: { taskId: TaskId; worker: Address; stdout: string; stderr: string },
): Promise<void> {
  await sql`
    insert into task_log (task_id, worker, stdout, stderr)
    values (${lower(taskId)}, ${lower(worker)}, ${tail(stdout)}, ${tail(stderr)})
    on conflict (task_id, worker) do update set stdout = excluded.stdout, stderr = excluded.stderr, updated_at = now()`.execute(db);
}

const tail = (text: string): string => cleanText(text.slice(-MAX_LOG_CHARS));

export async function listTaskLogs(db: Kysely<Database>, taskId: TaskId): Promise<TaskLogRow[]> {
  return db.selectFrom('taskLog').selectAll().where('taskId', '=', lower(taskId)).orderBy('worker').execute();
}

/** Deletes logs not written for `olderThanMs`; gives how many. */
export async function purgeTaskLogs(db: Kysely<Database>, olderThanMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('taskLog')
    .where('updatedAt', '<', sql<Date>`now() - ${olderThanMs} * interval '1 millisecond'`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
