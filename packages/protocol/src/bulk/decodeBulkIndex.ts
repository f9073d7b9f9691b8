import { show } from '@gleaner/primitives';
import { contentIdOf } from '../contentIdOf.ts';
import { bulkInvalid, parseBulkJson } from './parseBulkJson.ts';

/** Longest file that lists the slices of a bulk request, bytes. */
export const MAX_BULK_INDEX_BYTES = 2 ** 20;
/** Slices, and so tasks, of one bulk request. */
const MAX_BULK_SLICES = 10_000;

/**
 * Content ids of the slices behind `bulk_cid`; the task of index i works on slice i.
 * Source: `prepareDatasetBulk` of the stock client, a JSON array of content ids.
 * @throws {GleanerError} bulk-invalid
 */
export function decodeBulkIndex(bytes: Uint8Array): readonly string[] {
  const value = parseBulkJson(bytes, MAX_BULK_INDEX_BYTES, 'list of slices');
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_BULK_SLICES)
    throw bulkInvalid(`The bulk must be an array of 1 to ${MAX_BULK_SLICES} content ids`);
  return value.map((slice: unknown, position) => {
    if (typeof slice !== 'string')
      throw bulkInvalid(`Slice ${position} of the bulk must be a content id, got ${show(slice)}`, { position });
    return contentIdOf(`/ipfs/${slice}`, 'bulk-invalid');
  });
}

/**
 * The slice of a task.
 * @param taskIndex of the task in its deal, counted over all deals of the request
 * @throws {GleanerError} bulk-invalid when the bulk has fewer slices
 */
export function bulkSliceOf(index: readonly string[], taskIndex: bigint): string {
  const slice = index[Number(taskIndex)];
  if (slice !== undefined) return slice;
  throw bulkInvalid(`The bulk has ${index.length} slices, none for task ${taskIndex}`, { taskIndex });
}
