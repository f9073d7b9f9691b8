import { readFile, stat } from 'node:fs/promises';
import { assertContent } from '@gleaner/content';
import { type Address, GleanerError } from '@gleaner/primitives';
import { bulkSliceOf, decodeBulkIndex, decodeBulkSlice, MAX_BULK_INDEX_BYTES, MAX_BULK_SLICE_BYTES } from '@gleaner/protocol';

/**
 * Addresses of the data sets of a task's slice, from files that the host handed over and that must hash to what the request names.
 * @param bulk content id of the list of slices, out of the sealed parameters
 * @throws {GleanerError} content-corrupt for other files, bulk-invalid
 */
export async function readSlice(
  bulk: string,
  taskIndex: bigint,
  files: { readonly index: string; readonly slice: string },
): Promise<readonly Address[]> {
  const slices = decodeBulkIndex(await readNamed(files.index, bulk, MAX_BULK_INDEX_BYTES));
  const orders = decodeBulkSlice(await readNamed(files.slice, bulkSliceOf(slices, taskIndex), MAX_BULK_SLICE_BYTES));
  return orders.map(({ dataset }) => dataset);
}

async function readNamed(path: string, contentId: string, maxBytes: number): Promise<Uint8Array> {
  if ((await stat(path)).size > maxBytes)
    throw new GleanerError('bulk-invalid', `${contentId} of the bulk has more than ${maxBytes} bytes`);
  const bytes = await readFile(path);
  await assertContent(bytes, contentId);
  return bytes;
}
