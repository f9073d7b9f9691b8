import { stat } from 'node:fs/promises';
import { resultDigest } from '@gleaner/content';
import { type AgreedResult, fetchAgreed, type Gleaner, type ResultKey } from '@gleaner/sdk';
import { unpackResult } from './unpackResult.ts';

/** Where a result lies now. */
export interface SavedResult {
  readonly folder: string;
  /** Bytes of the archive that came over the network; 0 when the folder held the result already. */
  readonly fetchedBytes: number;
  /** Still encrypted: its digest could not be checked. */
  readonly isSealed: boolean;
}

/**
 * Fetches the result of a completed task, checks that its digest is the one the workers agreed on, and unpacks it. A folder that holds
 * that result already is kept; it changes as a whole or not at all. An encrypted result is opened with the key; without it, its two files
 * are unpacked as they are.
 * @throws {GleanerError} result-not-ready, result-unavailable, content-corrupt when the archive is not what was agreed, key-invalid,
 *   bad-request for a folder with other files in it
 */
export async function saveResult(gleaner: Gleaner, result: AgreedResult, folder: string, key: ResultKey = {}): Promise<SavedResult> {
  if (result.status === 'completed' && (await holds(folder, result))) return { folder, fetchedBytes: 0, isSealed: false };
  const { archive, fetchedBytes, isSealed } = await fetchAgreed(gleaner, result, key);
  await unpackResult(archive, folder);
  return { folder, fetchedBytes, isSealed };
}

/** Whether a folder holds this result, by its digest. */
async function holds(folder: string, { resultDigest: expected, callback }: AgreedResult): Promise<boolean> {
  if ((await stat(folder).catch(() => undefined)) === undefined) return false;
  return await resultDigest(folder, { callback }).then(
    ({ digest }) => digest === expected,
    () => false,
  );
}
