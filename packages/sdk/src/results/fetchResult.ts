import { isEncryptedTree, openArchive, type ResultTree, readWhole, treeDigest } from '@gleaner/content/results';
import { type Bytes32, type Cid, GleanerError, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { type Deal, decodeResultLink, isTeeTag, MAX_ARCHIVE_BYTES, parseParams } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { getDeal } from '../deals/getDeal.ts';
import { fetchContent } from '../programs/addContent.ts';
import { decryptResult } from './decryptResult.ts';

/** A result as the chain names it. */
export interface AgreedResult {
  readonly taskId: string;
  /** `completed`, or there is none. */
  readonly status: string;
  readonly resultCid?: string;
  readonly resultDigest?: string;
  /** Delivered to a contract. */
  readonly callback: boolean;
  /** The request asked an enclave to encrypt it: then only its beneficiary can say whether it is what was agreed. */
  readonly encrypted: boolean;
}

/** A result that has been fetched. */
export interface FetchedResult {
  readonly cid: Cid;
  /** On chain: what the workers agreed on. */
  readonly digest: Bytes32;
  /** Zip of the files; of an encrypted result without its key, of the two files that hold it. */
  readonly archive: Uint8Array;
  readonly fetchedBytes: number;
  /** The archive is still encrypted, and its digest could not be checked. In every other case it was. */
  readonly isSealed: boolean;
}

/** How a task's result is to be read. */
export function agreedResult(
  { taskId, status, resultCid, resultDigest }: Pick<AgreedResult, 'taskId' | 'status' | 'resultCid' | 'resultDigest'>,
  deal: Deal,
): AgreedResult {
  const encrypted = isTeeTag(deal.tag) && parseParams(deal.params).iexec_result_encryption === true;
  const named = { ...(resultCid !== undefined && { resultCid }), ...(resultDigest !== undefined && { resultDigest }) };
  return { taskId, status, ...named, callback: deal.callback !== ZERO_ADDRESS, encrypted };
}

export interface ResultKey {
  /** PEM of PKCS#8; opens results that were encrypted to its pair. */
  readonly privateKey?: string;
}

/**
 * Fetches the result of a completed task and holds it against the digest on chain; opens it when it is encrypted and the key is given.
 * @throws {GleanerError} task-not-found, result-not-ready, result-unavailable, content-corrupt when it is not what was agreed, result-invalid;
 *   key-invalid; content-not-found, content-too-large, service-unreachable, chain-unreachable, timed-out, aborted
 */
export function fetchResult(gleaner: Gleaner, taskId: TaskId, options: ResultKey & CallSettings = {}): Promise<FetchedResult> {
  return bounded(gleaner, options, async (client) => {
    const task = await client.hub.viewTask(taskId);
    if (task.status === 'unset') throw new GleanerError('task-not-found', `The hub knows no task ${taskId}`, { details: { taskId } });
    const deal = await getDeal(client, task.dealId);
    const resultCid = decodeResultLink(task.results);
    const { status, resultDigest } = task;
    return await fetchAgreed(client, agreedResult({ taskId, status, resultDigest, ...(resultCid && { resultCid }) }, deal), options);
  });
}

/** As `fetchResult`, for a result whose task was read before. */
export function fetchAgreed(gleaner: Gleaner, result: AgreedResult, options: ResultKey & CallSettings = {}): Promise<FetchedResult> {
  return bounded(gleaner, options, async (client) => {
    const { cid, digest } = assertCompleted(result);
    const fetched = await fetchContent(client, cid, { maxBytes: MAX_ARCHIVE_BYTES });
    const common = { cid, digest, fetchedBytes: fetched.length };
    const isSealed = result.encrypted && isEncryptedTree(openArchive(fetched));
    if (isSealed && options.privateKey === undefined) return { ...common, archive: fetched, isSealed };
    const archive = isSealed ? await decryptResult(fetched, { privateKey: options.privateKey ?? '' }) : fetched;
    await assertDigest(openArchive(archive), result, cid);
    return { ...common, archive, isSealed: false };
  });
}

function assertCompleted({ taskId, status, resultCid, resultDigest }: AgreedResult): { readonly cid: Cid; readonly digest: Bytes32 } {
  if (status !== 'completed')
    throw new GleanerError('result-not-ready', `Task ${taskId} is ${status}, not completed`, { details: { taskId, status } });
  if (resultCid === undefined || resultDigest === undefined)
    throw new GleanerError('result-unavailable', `Task ${taskId} names no content id for its result`, { details: { taskId } });
  return { cid: resultCid as Cid, digest: resultDigest as Bytes32 };
}

async function assertDigest(tree: ResultTree, { taskId, callback, resultDigest }: AgreedResult, cid: Cid): Promise<void> {
  const { digest } = await treeDigest(tree, { callback });
  if (digest === resultDigest) return;
  throw new GleanerError('content-corrupt', `The archive ${cid} has digest ${digest}, the workers agreed on ${resultDigest}`, {
    details: { taskId, cid, digest, expected: resultDigest },
  });
}

/** A file of a result. */
export interface ResultEntry {
  /** Below /iexec_out, `/` between its parts. */
  readonly path: string;
  readonly sizeBytes: number;
  /** @throws {GleanerError} result-invalid when it is damaged */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The files of a result's archive, by the bytes of their paths; nothing is unpacked before it is read. Names are checked: none leaves the folder.
 * @throws {GleanerError} result-invalid, output-too-large beyond 10 000 files or 1 GiB
 */
export function listResultFiles(archive: Uint8Array): readonly ResultEntry[] {
  return openArchive(archive).map((file) => ({ path: file.path, sizeBytes: file.sizeBytes, read: () => readWhole(file) }));
}
