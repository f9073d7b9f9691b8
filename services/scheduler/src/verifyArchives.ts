import { type DealId, isGleanerError, toGleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { isTeeTag, parseParams, resultHash } from '@gleaner/protocol';
import { findDeal, type ReplicateRow, reportReplicate } from '@gleaner/store';
import type { TaskRows } from './domain/buildTaskView.ts';
import type { Pool } from './pool.ts';

/**
 * Looks into archives that workers say they uploaded: the digest is computed anew from the files and must hash to the consensus value.
 * Of an encrypted result only the form can be seen.
 * A good archive is entered as the result of its task; a wrong one ends the worker's replicate, so that the next worker is asked.
 */
export async function verifyArchives(pool: Pool, rows: readonly TaskRows[], signal: AbortSignal): Promise<TaskRows[]> {
  return await Promise.all(rows.map((entry) => verifyOne(pool, entry, signal)));
}

async function verifyOne(pool: Pool, rows: TaskRows, signal: AbortSignal): Promise<TaskRows> {
  const { task, chain, replicates } = rows;
  if (chain?.status !== 'REVEALING' || task.resultCid !== null) return rows;
  const uploaded = replicates.find(({ status, resultCid }) => status === 'uploaded' && resultCid !== null);
  if (uploaded?.resultCid == null) return rows;
  try {
    if (await isForBeneficiaryAlone(pool, task.dealId)) {
      if (await pool.archives.isEncrypted(uploaded.resultCid, signal)) return { ...rows, task: { ...task, resultCid: uploaded.resultCid } };
      return await drop(pool, rows, uploaded, `The archive ${uploaded.resultCid} is not encrypted, as the request asks`);
    }
    const callback = await hasCallback(pool, task.dealId);
    const { digest } = await pool.archives.digestOf(uploaded.resultCid, { callback, signal });
    if (resultHash(task.taskId, digest) === chain.consensusValue) return { ...rows, task: { ...task, resultCid: uploaded.resultCid } };
    return await drop(pool, rows, uploaded, `The archive ${uploaded.resultCid} has digest ${digest}, which is not the agreed result`);
  } catch (error) {
    if (isGleanerError(error) && !error.retryable) return await drop(pool, rows, uploaded, error.message);
    pool.log.warn({ taskId: task.taskId, cid: uploaded.resultCid, message: toGleanerError(error).message }, 'archive.unavailable');
    return rows;
  }
}

/** The digest of an encrypted result is vouched for by the enclaves that agreed on it: their signatures were checked with each contribution. */
async function isForBeneficiaryAlone({ store }: Pool, dealId: DealId): Promise<boolean> {
  const deal = await findDeal(store.db, dealId);
  return deal !== undefined && isTeeTag(deal.tag) && parseParams(deal.params).iexec_result_encryption === true;
}

/** Whether the deal of a task delivers its result to a contract. */
export async function hasCallback({ store }: Pool, dealId: DealId): Promise<boolean> {
  const deal = await findDeal(store.db, dealId);
  return deal !== undefined && deal.callback !== ZERO_ADDRESS;
}

async function drop(pool: Pool, rows: TaskRows, uploaded: ReplicateRow, message: string): Promise<TaskRows> {
  const { taskId, worker } = uploaded;
  pool.log.warn({ taskId, worker, message }, 'archive.wrong');
  await reportReplicate(pool.store.db, {
    taskId,
    worker,
    status: 'failed',
    failureCode: 'result-invalid',
    failureMessage: message,
    deterministic: false,
  });
  return { ...rows, replicates: rows.replicates.filter((replicate) => replicate !== uploaded) };
}
