import { stat } from 'node:fs/promises';
import { archiveDigest, isEncryptedArchive, MAX_ARCHIVE_BYTES, resultDigest } from '@gleaner/content';
import { GleanerError } from '@gleaner/primitives';
import { fetchContent, type Gleaner } from '@gleaner/sdk';
import { unpackResult } from './unpackResult.ts';

/** A result as the chain names it. */
export interface AgreedResult {
  readonly taskId: string;
  readonly status: string;
  readonly resultCid?: string;
  readonly resultDigest?: string;
  /** Delivered to a contract. */
  readonly callback: boolean;
  /** The request asked an enclave to encrypt it: then only its beneficiary can say whether it is what was agreed. */
  readonly encrypted?: boolean;
}

/** Where a result lies now. */
export interface SavedResult {
  readonly folder: string;
  /** Bytes of the archive that came over the network; 0 when the folder held the result already. */
  readonly fetchedBytes: number;
}

/**
 * Fetches the result of a completed task, checks that its digest is the one the workers agreed on, and unpacks it. A folder that holds
 * that result already is kept; it changes as a whole or not at all. Of an encrypted result the two files are unpacked as they are.
 * @throws {GleanerError} result-not-ready, result-unavailable, content-corrupt when the archive is not what was agreed, bad-request for a
 *   folder with other files in it
 */
export async function saveResult(gleaner: Gleaner, result: AgreedResult, folder: string): Promise<SavedResult> {
  const { taskId, resultCid, resultDigest: expected } = result;
  if (result.status !== 'completed')
    throw new GleanerError('result-not-ready', `Task ${taskId} is ${result.status}, not completed`, {
      details: { taskId, status: result.status },
    });
  if (resultCid === undefined || expected === undefined) {
    throw new GleanerError('result-unavailable', `Task ${taskId} names no content id for its result`, { details: { taskId } });
  }
  if (await holds(folder, result)) return { folder, fetchedBytes: 0 };
  const archive = await fetchContent(gleaner, resultCid, { maxBytes: MAX_ARCHIVE_BYTES });
  if (result.encrypted === true && isEncryptedArchive(archive)) {
    await unpackResult(archive, folder);
    return { folder, fetchedBytes: archive.length };
  }
  const { digest } = await archiveDigest(archive, { callback: result.callback });
  if (digest !== expected) {
    throw new GleanerError('content-corrupt', `The archive ${resultCid} has digest ${digest}, the workers agreed on ${expected}`, {
      details: { taskId, cid: resultCid, digest, expected },
    });
  }
  await unpackResult(archive, folder);
  return { folder, fetchedBytes: archive.length };
}

/** Whether a folder holds this result, by its digest. */
async function holds(folder: string, { resultDigest: expected, callback }: AgreedResult): Promise<boolean> {
  if ((await stat(folder).catch(() => undefined)) === undefined) return false;
  return await resultDigest(folder, { callback }).then(
    ({ digest }) => digest === expected,
    () => false,
  );
}
