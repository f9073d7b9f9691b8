import type { Address, Cid, ReasonCode, TaskId } from '@gleaner/primitives';
import type { ReplicateStatus } from '@gleaner/protocol';
import { type Kysely, sql } from 'kysely';
import type { Database, ReplicateRow } from '../Database.ts';
import { inTransaction } from '../sql/inTransaction.ts';
import { lower } from '../sql/lower.ts';
import { cleanText } from '../sql/toJsonText.ts';
import { OPEN_STATUSES, SLOT_STATUSES, statusesBefore } from './replicateStatus.ts';

export type OfferAnswer = { readonly offered: ReplicateRow } | { readonly refused: 'unknown-worker' | 'no-free-slot' | 'had-it-already' };

/**
 * Offers a task to a worker that never had it, if the worker has a free slot.
 * The worker's row is locked while its slots are counted, so several schedulers cannot overload it.
 */
export async function offerReplicate(
  db: Kysely<Database>,
  { taskId, worker, generation }: { taskId: TaskId; worker: Address; generation: number },
): Promise<OfferAnswer> {
  const wallet = lower(worker);
  return inTransaction(db, async (trx) => {
    const found = await trx.selectFrom('worker').select('slots').where('wallet', '=', wallet).forUpdate().executeTakeFirst();
    if (!found) return { refused: 'unknown-worker' };
    if ((await countTakenSlots(trx, wallet)) >= found.slots) return { refused: 'no-free-slot' };
    const { rows } = await sql<ReplicateRow>`
      insert into replicate (task_id, worker, generation, stages)
      values (${taskId}, ${wallet}, ${generation}, jsonb_build_object('offered', ${NOW_MS}))
      on conflict do nothing
      returning *`.execute(trx);
    return rows[0] ? { offered: rows[0] } : { refused: 'had-it-already' };
  });
}

const NOW_MS = sql`floor(extract(epoch from clock_timestamp()) * 1000)::int8`;

async function countTakenSlots(db: Kysely<Database>, wallet: Address): Promise<number> {
  const { count } = await db
    .selectFrom('replicate')
    .select(sql<bigint>`count(*)`.as('count'))
    .where('worker', '=', wallet)
    .where('status', 'in', [...SLOT_STATUSES])
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface ReplicateReport {
  readonly taskId: TaskId;
  readonly worker: Address;
  readonly status: ReplicateStatus;
  readonly failureCode?: ReasonCode;
  readonly failureMessage?: string;
  readonly deterministic?: boolean;
  readonly exitCode?: number;
  readonly resultCid?: Cid;
}

/**
 * `applied`: the status changed; `repeated`: it was reported before, nothing changed; `refused`: the replicate is past it, or ended.
 * The row is the current one in every case.
 */
export type ReportAnswer = { readonly outcome: 'applied' | 'repeated' | 'refused'; readonly replicate: ReplicateRow };

/**
 * Records what a worker says about its replicate, as far as the protocol allows the step (`mayBecome`); a status it is in or was in counts as repeated.
 * @returns undefined when this worker was never offered the task
 */
export async function reportReplicate(db: Kysely<Database>, report: ReplicateReport): Promise<ReportAnswer | undefined> {
  const applied = await applyReport(db, report);
  if (applied) return { outcome: 'applied', replicate: applied };
  const replicate = await findReplicate(db, report.taskId, report.worker);
  if (!replicate) return undefined;
  const repeated = replicate.status === report.status || replicate.stages[report.status] !== undefined;
  return { outcome: repeated ? 'repeated' : 'refused', replicate };
}

async function applyReport(db: Kysely<Database>, report: ReplicateReport): Promise<ReplicateRow | undefined> {
  const message = report.failureMessage === undefined ? null : cleanText(report.failureMessage);
  const { rows } = await sql<ReplicateRow>`
    update replicate set
      status = ${report.status},
      stages = jsonb_build_object(${report.status}::text, ${NOW_MS}) || stages,
      failure_code = coalesce(${report.failureCode ?? null}::text, failure_code),
      failure_message = coalesce(${message}::text, failure_message),
      deterministic = coalesce(${report.deterministic ?? null}::boolean, deterministic),
      exit_code = coalesce(${report.exitCode ?? null}::int4, exit_code),
      result_cid = coalesce(${report.resultCid ?? null}::text, result_cid),
      updated_at = clock_timestamp()
    where task_id = ${lower(report.taskId)} and worker = ${lower(report.worker)} and status = any(${[...statusesBefore(report.status)]}::text[])
    returning *`.execute(db);
  return rows[0];
}

export async function findReplicate(db: Kysely<Database>, taskId: TaskId, worker: Address): Promise<ReplicateRow | undefined> {
  return db.selectFrom('replicate').selectAll().where('taskId', '=', lower(taskId)).where('worker', '=', lower(worker)).executeTakeFirst();
}

/** In the order in which they were offered. */
export async function listReplicates(db: Kysely<Database>, taskIds: readonly TaskId[]): Promise<ReplicateRow[]> {
  if (taskIds.length === 0) return [];
  return db.selectFrom('replicate').selectAll().where('taskId', 'in', taskIds.map(lower)).orderBy('offeredAt').orderBy('worker').execute();
}

/** What a worker still has to do, oldest first: what it is offered, and what it takes up again after a restart. */
export async function listOpenReplicatesOfWorker(db: Kysely<Database>, worker: Address): Promise<ReplicateRow[]> {
  return db
    .selectFrom('replicate')
    .selectAll()
    .where('worker', '=', lower(worker))
    .where('status', 'in', [...OPEN_STATUSES])
    .orderBy('offeredAt')
    .execute();
}

/**
 * Marks as `lost` the replicates in a slot of a worker that was silent for `silentMs`, and gives them.
 * Replicates past their contribution are left alone: the chain has them, and the reveal deadline decides.
 */
export async function markSilentReplicatesLost(db: Kysely<Database>, silentMs: number): Promise<ReplicateRow[]> {
  const { rows } = await sql<ReplicateRow>`
    update replicate set status = 'lost', stages = replicate.stages || jsonb_build_object('lost', ${NOW_MS}), updated_at = clock_timestamp()
    from worker
    where worker.wallet = replicate.worker
      and worker.last_seen_at < clock_timestamp() - ${silentMs} * interval '1 millisecond'
      and replicate.status = any(${[...SLOT_STATUSES]}::text[])
    returning replicate.*`.execute(db);
  return rows;
}

/** Ends the open replicates of a task that has ended itself or is not wanted any more; gives those that changed. */
export async function abortReplicates(
  db: Kysely<Database>,
  taskId: TaskId,
  reason: { code: ReasonCode; message: string },
): Promise<ReplicateRow[]> {
  const { rows } = await sql<ReplicateRow>`
    update replicate set
      status = 'aborted',
      stages = jsonb_build_object('aborted', ${NOW_MS}) || stages,
      failure_code = ${reason.code},
      failure_message = ${cleanText(reason.message)},
      updated_at = clock_timestamp()
    where task_id = ${lower(taskId)} and status = any(${[...statusesBefore('aborted')]}::text[])
    returning *`.execute(db);
  return rows;
}
