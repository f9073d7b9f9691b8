import { readFile, stat } from 'node:fs/promises';
import type { RunRequest } from '@gleaner/enclave';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import {
  bulkSliceOf,
  contentIdOf,
  decodeBulkIndex,
  decodeBulkSlice,
  MAX_BULK_INDEX_BYTES,
  MAX_BULK_SLICE_BYTES,
  MAX_INPUT_BYTES,
  parseParams,
} from '@gleaner/protocol';
import { MAX_INPUTS_BYTES } from '@gleaner/sandbox';
import type { WorkerContext } from '../context.ts';
import type { ContentPort, TaskTerms } from '../ports.ts';

type BulkFiles = NonNullable<RunRequest['files']['bulk']>;

/**
 * The files of a bulk that the task of this index needs; undefined when the request names no bulk. Whether the orders allow the task is
 * for the secret service to say, and nothing here is trusted by the enclave.
 * @throws {GleanerError} bulk-invalid, bulk-order-refused, content-too-large, and what fetching throws
 */
export async function fetchBulk(
  { content, chain }: WorkerContext,
  terms: TaskTerms,
  taskIndex: bigint,
  signal: AbortSignal,
): Promise<BulkFiles | undefined> {
  const { bulk_cid: bulk } = parseParams(terms.params);
  if (bulk === undefined) return undefined;
  const index = await fetchList(content, contentIdOf(`/ipfs/${bulk}`, 'bulk-invalid'), MAX_BULK_INDEX_BYTES, signal);
  const slice = await fetchList(content, bulkSliceOf(decodeBulkIndex(await readFile(index)), taskIndex), MAX_BULK_SLICE_BYTES, signal);
  const orders = decodeBulkSlice(await readFile(slice));
  const locations = await chain.readDatasetLocations(
    orders.map(({ dataset }) => dataset),
    signal,
  );
  return { index, slice, datasets: await fetchDatasets(content, locations, signal) };
}

/** One after the other, so that together they stay below what a program may be given. */
async function fetchDatasets(content: ContentPort, locations: readonly string[], signal: AbortSignal): Promise<string[]> {
  const paths: string[] = [];
  let total = 0;
  for (const location of locations) {
    const path = await content.fetch(contentIdOf(location, 'input-unreachable'), { maxBytes: MAX_INPUT_BYTES, signal });
    total += (await stat(path)).size;
    if (total > MAX_INPUTS_BYTES)
      throw new GleanerError('content-too-large', `The data sets of the slice have more than ${MAX_INPUTS_BYTES} bytes together`, {
        details: { maxBytes: MAX_INPUTS_BYTES },
      });
    paths.push(path);
  }
  return paths;
}

/** Refusals of a gateway that are due to what the requester named. */
const NO_SUCH_FILE: ReadonlySet<string> = new Set(['bad-request', 'content-too-large']);

async function fetchList(content: ContentPort, contentId: string, maxBytes: number, signal: AbortSignal): Promise<string> {
  try {
    return await content.fetch(contentId, { maxBytes, signal });
  } catch (error) {
    if (!isGleanerError(error) || !NO_SUCH_FILE.has(error.code)) throw error;
    throw new GleanerError('bulk-invalid', `${contentId} of the bulk is no file of at most ${maxBytes} bytes`, {
      details: { contentId, maxBytes },
    });
  }
}
