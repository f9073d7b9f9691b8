import type { Address, Cid, DealId, ReasonCode, TaskId } from '@gleaner/primitives';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database, PoolTaskRow } from '../Database.ts';
import type { DealRow } from '../ledger/rows.ts';
import { columnList, rowsOf } from '../sql/insertRows.ts';
import { lower } from '../sql/lower.ts';
import { cleanText } from '../sql/toJsonText.ts';

export interface NewPoolTask {
  readonly taskId: TaskId;
  readonly dealId: DealId;
  readonly index: bigint;
  readonly workerpool: Address;
  readonly trust: bigint;
  readonly category: bigint;
  /** Seconds. */
  readonly timeref: bigint;
  /** Unix seconds. */
  readonly contributionDeadline: bigint;
  readonly finalDeadline: bigint;
  /** Why it is never worked on: it waits for its refund. */
  readonly reason?: TaskReason;
}

export interface TaskReason {
  readonly code: ReasonCode;
  readonly message: string;
}

const NEW_COLUMNS = [
  'taskId',
  'dealId',
  'index',
  'workerpool',
  'trust',
  'category',
  'timeref',
  'contributionDeadline',
  'finalDeadline',
  'reasonCode',
  'reasonMessage',
] as const;

/** Adds the tasks that are not there yet, in state `received` and due at once; gives the ids of those that were new. */
export async function insertPoolTasks(db: Kysely<Database>, tasks: readonly NewPoolTask[]): Promise<TaskId[]> {
  if (tasks.length === 0) return [];
  const rows = tasks.map(({ reason, ...task }) => ({
    ...task,
    workerpool: lower(task.workerpool),
    ...(reason && { reasonCode: reason.code, reasonMessage: cleanText(reason.message) }),
  }));
  const columns = columnList(NEW_COLUMNS);
  const inserted = await sql<{ taskId: TaskId }>`
    insert into pool_task (${columns}, history)
    select ${columns}, jsonb_build_array(${stateChange('received')}) from ${rowsOf('pool_task', rows)}
    on conflict do nothing
    returning task_id`.execute(db);
  return inserted.rows.map(({ taskId }) => taskId);
}

const stateChange = (state: string): RawBuilder<unknown> =>
  sql`jsonb_build_object('state', ${state}::text, 'atMs', floor(extract(epoch from clock_timestamp()) * 1000)::int8)`;

export interface ClaimRequest {
  /** Who decides; unique per scheduler process. */
  readonly holder: string;
  /** After this time the claim is void and another scheduler may decide. */
  readonly leaseMs: number;
  readonly limit: number;
  /** Only tasks of these pools. */
  readonly workerpools?: readonly Address[];
}

/**
 * Takes up to `limit` due tasks that nobody has claimed, the longest due first, and marks them as claimed by `holder`.
 * Two schedulers never get the same task at one time; a crashed one's claims end by time.
 */
export async function claimDueTasks(db: Kysely<Database>, request: ClaimRequest): Promise<PoolTaskRow[]> {
  const ofPool = request.workerpools ? sql`and workerpool = any(${request.workerpools.map(lower)}::text[])` : sql``;
  const { rows } = await sql<PoolTaskRow>`
    with due as (
      select task_id from pool_task
      where state not in ('completed', 'failed')
        and next_wake_at <= clock_timestamp()
        and (claimed_until is null or claimed_until <= clock_timestamp())
        ${ofPool}
      order by next_wake_at
      limit ${request.limit}
      for update skip locked
    )
    update pool_task
    set claimed_by = ${request.holder}, claimed_until = clock_timestamp() + ${request.leaseMs} * interval '1 millisecond'
    from due where pool_task.task_id = due.task_id
    returning pool_task.*`.execute(db);
  return rows;
}

/** Prolongs claims that `holder` has still; gives the ids of those. */
export async function renewTaskClaims(
  db: Kysely<Database>,
  { holder, leaseMs, taskIds }: { holder: string; leaseMs: number; taskIds: readonly TaskId[] },
): Promise<TaskId[]> {
  const { rows } = await sql<{ taskId: TaskId }>`
    update pool_task set claimed_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where task_id = any(${[...taskIds]}::text[]) and claimed_by = ${holder}
    returning task_id`.execute(db);
  return rows.map(({ taskId }) => taskId);
}

export interface TaskChange {
  readonly taskId: TaskId;
  /** The version the decision was made on. */
  readonly version: bigint;
  /** `wakes` of the row the decision was made on: a wake that came in between is not slept over. */
  readonly wakes: bigint;
  readonly state?: string;
  readonly reason?: TaskReason;
  readonly resultCid?: Cid;
  readonly generation?: number;
  readonly attempt?: number;
  /** When the task is due again, from now; 0 = at once. */
  readonly wakeInMs: number;
  /** Keeps the claim, to go on deciding; by default it is given back. */
  readonly keepClaim?: boolean;
}

/**
 * Records a decision, if nobody has recorded another since it was read.
 * @returns the new row, or undefined when the version is not the current one any more: read again and decide anew
 */
export async function setTaskState(db: Kysely<Database>, change: TaskChange): Promise<PoolTaskRow | undefined> {
  const { rows } = await sql<PoolTaskRow>`
    update pool_task set ${sql.join(assignmentsOf(change))}
    where task_id = ${change.taskId} and version = ${change.version}
    returning *`.execute(db);
  return rows[0];
}

function assignmentsOf(change: TaskChange): RawBuilder<unknown>[] {
  const wakeAt = sql`clock_timestamp() + ${change.wakeInMs} * interval '1 millisecond'`;
  const assignments = [
    sql`version = version + 1`,
    sql`updated_at = clock_timestamp()`,
    sql`next_wake_at = case when wakes = ${change.wakes} then ${wakeAt} else clock_timestamp() end`,
  ];
  if (!change.keepClaim) assignments.push(sql`claimed_by = null, claimed_until = null`);
  if (change.state !== undefined) {
    assignments.push(sql`state = ${change.state}`);
    assignments.push(sql`history = case when state = ${change.state} then history else history || ${stateChange(change.state)} end`);
  }
  if (change.reason) assignments.push(sql`reason_code = ${change.reason.code}, reason_message = ${cleanText(change.reason.message)}`);
  if (change.resultCid !== undefined) assignments.push(sql`result_cid = ${change.resultCid}`);
  if (change.generation !== undefined) assignments.push(sql`generation = ${change.generation}`);
  if (change.attempt !== undefined) assignments.push(sql`attempt = ${change.attempt}`);
  return assignments;
}

/** Makes tasks due at once, whatever they wait for: something they depend on has changed. Ended ones stay ended. */
export async function wakeTasks(db: Kysely<Database>, taskIds: readonly TaskId[]): Promise<void> {
  if (taskIds.length === 0) return;
  await sql`
    update pool_task set next_wake_at = least(next_wake_at, clock_timestamp()), wakes = wakes + 1
    where task_id in (
      select task_id from pool_task
      where task_id = any(${[...taskIds]}::text[]) and state not in ('completed', 'failed')
      order by task_id for update
    )`.execute(db);
}

export async function findPoolTask(db: Kysely<Database>, taskId: TaskId): Promise<PoolTaskRow | undefined> {
  return db.selectFrom('poolTask').selectAll().where('taskId', '=', lower(taskId)).executeTakeFirst();
}

export async function listPoolTasksOfDeal(db: Kysely<Database>, dealId: DealId): Promise<PoolTaskRow[]> {
  return db.selectFrom('poolTask').selectAll().where('dealId', '=', lower(dealId)).orderBy('index').execute();
}

export interface PoolTaskFilter {
  readonly workerpool?: Address;
  readonly states?: readonly string[];
  readonly skip?: number;
  readonly limit?: number;
}

/** Newest first. */
export async function listPoolTasks(db: Kysely<Database>, filter: PoolTaskFilter = {}): Promise<PoolTaskRow[]> {
  let query = db.selectFrom('poolTask').selectAll();
  if (filter.workerpool) query = query.where('workerpool', '=', lower(filter.workerpool));
  if (filter.states) query = query.where('state', 'in', [...filter.states]);
  return query
    .orderBy('createdAt', 'desc')
    .orderBy('taskId')
    .offset(filter.skip ?? 0)
    .limit(filter.limit ?? 100)
    .execute();
}

export async function countPoolTasksByState(db: Kysely<Database>, workerpool?: Address): Promise<Record<string, number>> {
  let query = db.selectFrom('poolTask').select(['state', sql<bigint>`count(*)`.as('count')]);
  if (workerpool) query = query.where('workerpool', '=', lower(workerpool));
  const rows = await query.groupBy('state').execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

/**
 * Takes up again the tasks of pools that had ended, but whose end the chain does not know any more (a reorganisation): they are due as `received`.
 * @returns their ids
 */
export async function reviveTasks(db: Kysely<Database>, workerpools: readonly Address[]): Promise<TaskId[]> {
  const { rows } = await sql<{ taskId: TaskId }>`
    update pool_task set
      state = 'received', history = history || ${stateChange('received')}, version = version + 1, updated_at = clock_timestamp(),
      next_wake_at = clock_timestamp(), claimed_by = null, claimed_until = null
    where workerpool = any(${workerpools.map(lower)}::text[]) and state in ('completed', 'failed')
      and not exists (select 1 from task where task.task_id = pool_task.task_id and task.status in ('COMPLETED', 'FAILED'))
    returning task_id`.execute(db);
  return rows.map(({ taskId }) => taskId);
}

/** Deals of pools with open tasks that carry this reason, `limit` of them by lot. */
export async function listDealsRefused(
  db: Kysely<Database>,
  { workerpools, code, limit }: { workerpools: readonly Address[]; code: ReasonCode; limit: number },
): Promise<DealRow[]> {
  const { rows } = await sql<DealRow>`
    select * from deal
    where deal_id in (
      select deal_id from pool_task
      where workerpool = any(${workerpools.map(lower)}::text[]) and state = 'refunding' and reason_code = ${code})
    order by random()
    limit ${limit}`.execute(db);
  return rows;
}

/**
 * Opens the tasks of a deal that wait for their refund for this reason again: they are due as `received`, without a reason.
 * @returns their ids
 */
export async function readmitTasks(db: Kysely<Database>, { dealId, code }: { dealId: DealId; code: ReasonCode }): Promise<TaskId[]> {
  const { rows } = await sql<{ taskId: TaskId }>`
    update pool_task set
      state = 'received', history = history || ${stateChange('received')}, reason_code = null, reason_message = null,
      version = version + 1, updated_at = clock_timestamp(), next_wake_at = clock_timestamp(), claimed_by = null, claimed_until = null
    where deal_id = ${lower(dealId)} and state = 'refunding' and reason_code = ${code}
    returning task_id`.execute(db);
  return rows.map(({ taskId }) => taskId);
}

/**
 * Takes away tasks whose deal is not on the chain any more (a reorganisation); their replicates go with them.
 * @returns their ids
 */
export async function deleteTasksWithoutDeal(db: Kysely<Database>, workerpools: readonly Address[]): Promise<TaskId[]> {
  const { rows } = await sql<{ taskId: TaskId }>`
    delete from pool_task
    where workerpool = any(${workerpools.map(lower)}::text[]) and not exists (select 1 from deal where deal.deal_id = pool_task.deal_id)
    returning task_id`.execute(db);
  return rows.map(({ taskId }) => taskId);
}
