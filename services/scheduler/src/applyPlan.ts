import { assertNever, type Cid, REASONS, toGleanerError, toUnixSeconds } from '@gleaner/primitives';
import { encodeResultLink, type TaskEffect, type TaskPlan, type TaskView } from '@gleaner/protocol';
import { abortReplicates, findDeal, offerReplicate, reportReplicate, type TaskChange, wakeTasks } from '@gleaner/store';
import type { TaskRows } from './domain/buildTaskView.ts';
import type { Pool } from './pool.ts';
import { hasCallback } from './verifyArchives.ts';

export interface Applied {
  /** Columns to record with the state. */
  readonly record: Pick<TaskChange, 'reason' | 'resultCid' | 'generation'>;
  /** Changes of the view that the state is derived from. */
  readonly view: Partial<Pick<TaskView, 'givenUp'>>;
  /** The rows have changed: decide again at once. */
  readonly again: boolean;
}

const NOTHING: Applied = { record: {}, view: {}, again: false };
const AGAIN: Applied = { ...NOTHING, again: true };

/** Does what the plan says; every branch may run twice without harm. */
export async function applyPlan(pool: Pool, view: TaskView, plan: TaskPlan, rows: TaskRows, signal: AbortSignal): Promise<Applied> {
  const applied = await apply(pool, view, plan, rows, signal);
  const resultCid = rows.task.resultCid;
  return resultCid === null ? applied : { ...applied, record: { ...applied.record, resultCid } };
}

async function apply(pool: Pool, view: TaskView, plan: TaskPlan, rows: TaskRows, signal: AbortSignal): Promise<Applied> {
  switch (plan.kind) {
    case 'initialize':
      pool.inFlight.add(view.taskId, 'initialize');
      pool.initializer.add(rows.task);
      return AGAIN;
    case 'offer':
      return await offer(pool, view, plan, rows);
    case 'await':
      return NOTHING;
    case 'expire':
      for (const { worker, because } of plan.replicates) {
        await report(
          pool,
          rows,
          worker,
          'lost',
          because === 'silent' ? 'The worker went silent' : 'The worker took longer than the category allows',
        );
      }
      return AGAIN;
    case 'requestUpload':
      await report(pool, rows, plan.worker, 'uploading');
      return AGAIN;
    case 'finalize':
      inBackground(pool, view, 'finalize', () => finalize(pool, plan.cid, rows, signal));
      return NOTHING;
    case 'reopen': {
      const revealDeadline = toUnixSeconds(rows.chain?.revealDeadline ?? 0n);
      inBackground(pool, view, 'reopen', async () =>
        (await pool.pools.chainOf(rows.task.dealId)).reopen({ taskId: view.taskId, revealDeadline }, signal),
      );
      return NOTHING;
    }
    case 'giveUp': {
      const message = failureMessage(rows, plan.code);
      await abortReplicates(pool.store.db, view.taskId, { code: plan.code, message });
      return { record: { reason: { code: plan.code, message } }, view: { givenUp: plan.code }, again: false };
    }
    case 'claim':
      // The keeper claims for everyone; here the task only waits for it.
      return NOTHING;
    case 'done':
      return await end(pool, rows, plan.outcome);
    default:
      return assertNever(plan);
  }
}

async function finalize(pool: Pool, cid: Cid, rows: TaskRows, signal: AbortSignal): Promise<bigint> {
  const { taskId, dealId } = rows.task;
  const callback = await hasCallback(pool, dealId);
  const resultsCallback = callback ? ((await pool.archives.digestOf(cid, { callback, signal })).callbackData ?? '0x') : '0x';
  const effect = `finalize:${taskId}:${generation(rows)}`;
  const chain = await pool.pools.chainOf(dealId);
  return await chain.finalize({ taskId, results: encodeResultLink(cid), resultsCallback, effect }, signal);
}

/** Nobody is asked while nobody could be let in: whoever tried would have to give the task back, and is not asked twice. */
async function offer(pool: Pool, view: TaskView, plan: Extract<TaskPlan, { kind: 'offer' }>, rows: TaskRows): Promise<Applied> {
  const deal = await findDeal(pool.store.db, rows.task.dealId);
  if (deal === undefined || (await pool.pools.refusalOf(deal)) !== undefined) return NOTHING;
  const excluded = new Set(plan.excluded);
  let offered = 0;
  for (const { worker } of view.candidates) {
    if (offered === plan.count) break;
    if (excluded.has(worker)) continue;
    const answer = await offerReplicate(pool.store.db, { taskId: view.taskId, worker, generation: generation(rows) });
    if ('offered' in answer) offered += 1;
  }
  if (offered > 0) pool.signals.emit('offer');
  return offered > 0 ? AGAIN : NOTHING;
}

async function report(pool: Pool, rows: TaskRows, worker: `0x${string}`, status: 'lost' | 'uploading', message?: string): Promise<void> {
  await reportReplicate(pool.store.db, {
    taskId: rows.task.taskId,
    worker,
    status,
    ...(message === undefined ? {} : { failureCode: 'worker-lost', failureMessage: message, deterministic: false }),
  });
}

/** Sends without holding up other tasks; the task is decided again when the ledger has seen the block. */
function inBackground(pool: Pool, view: TaskView, effect: TaskEffect, send: () => Promise<bigint>): void {
  const { taskId } = view;
  pool.inFlight.add(taskId, effect);
  void settle(pool, send)
    .catch((error) => {
      const { code, message } = toGleanerError(error);
      if (code !== 'aborted') pool.log.warn({ taskId, code, message }, `task.${effect}-failed`);
    })
    .finally(async () => {
      pool.inFlight.remove(taskId, effect);
      await wakeTasks(pool.store.db, [taskId]).catch(() => undefined);
      pool.signals.emit('due');
    });
}

async function settle(pool: Pool, send: () => Promise<bigint>): Promise<void> {
  await pool.ledgerReached(await send(), AbortSignal.timeout(30_000));
}

async function end(pool: Pool, rows: TaskRows, outcome: 'completed' | 'failed'): Promise<Applied> {
  const { task } = rows;
  if (outcome === 'completed') await completeReplicates(pool, rows);
  await abortReplicates(pool.store.db, task.taskId, { code: 'aborted', message: `The task has ${outcome} without this replicate` });
  if (outcome === 'completed' || task.reasonCode !== null) return NOTHING;
  return { ...NOTHING, record: { reason: { code: 'task-timed-out', message: 'The final deadline passed before the task was finalized' } } };
}

async function completeReplicates(pool: Pool, { task, contributions }: TaskRows): Promise<void> {
  for (const { worker } of contributions.filter(({ status }) => status === 'PROVED')) {
    await reportReplicate(pool.store.db, { taskId: task.taskId, worker, status: 'completed' });
  }
}

/** What a failing worker said, when one said this code; otherwise what the code means. */
function failureMessage({ replicates }: TaskRows, code: keyof typeof REASONS): string {
  return replicates.find(({ failureCode }) => failureCode === code)?.failureMessage ?? REASONS[code].help;
}

const generation = ({ chain }: TaskRows): number => chain?.reopenings ?? 0;
