import { archiveDigest, MAX_ARCHIVE_BYTES } from '@gleaner/content';
import { GleanerError, ZERO_ADDRESS } from '@gleaner/primitives';
import { fetchContent, type Gleaner, type TaskRecord } from '@gleaner/sdk';
import { unpackResult } from './unpackResult.ts';

/**
 * Fetches the result of a completed task, checks that its digest is the one the workers agreed on, and unpacks it.
 * @returns the folder
 * @throws {GleanerError} result-not-ready, result-unavailable, content-corrupt when the archive is not what was agreed,
 *   bad-request when something else is in the folder
 */
export async function saveResult(gleaner: Gleaner, task: TaskRecord, folder: string): Promise<string> {
  const { taskId, resultCid, resultDigest } = task;
  if (task.status !== 'completed')
    throw new GleanerError('result-not-ready', `Task ${taskId} is ${task.status}, not completed`, {
      details: { taskId, status: task.status },
    });
  if (resultCid === undefined || resultDigest === undefined) {
    throw new GleanerError('result-unavailable', `Task ${taskId} names no content id for its result`, { details: { taskId } });
  }
  const archive = await fetchContent(gleaner, resultCid, { maxBytes: MAX_ARCHIVE_BYTES });
  const callback = task.deal.callback !== ZERO_ADDRESS;
  const { digest } = await archiveDigest(archive, { callback });
  if (digest !== resultDigest) {
    throw new GleanerError('content-corrupt', `The archive ${resultCid} has digest ${digest}, the workers agreed on ${resultDigest}`, {
      details: { taskId, cid: resultCid, digest, expected: resultDigest },
    });
  }
  await unpackResult(archive, folder, { digest, callback });
  return folder;
}
