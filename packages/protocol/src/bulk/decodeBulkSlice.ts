import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { type DatasetOrder, decodeSignedOrder, type Signed } from '../orders/orderSchema.ts';
import { bulkInvalid, parseBulkJson } from './parseBulkJson.ts';

/** Longest file with the data set orders of one task, bytes. */
export const MAX_BULK_SLICE_BYTES = 2 ** 20;
/** Data sets of one task. Source: MAX_DATASET_PER_TASK of the stock client. */
export const MAX_DATASETS_PER_TASK = 100;
/** Longest signature, characters of hex: as secrets are pushed with. */
const MAX_SIGN_CHARS = 2 + 2 * 4096;

/**
 * Signed orders of the data sets that one task of a bulk request works on, in the order in which the program finds them.
 * Form alone is looked at; whether the orders allow the task is for `checkBulkOrder`.
 * @throws {GleanerError} bulk-invalid, naming the position of the order and what is wrong with it
 */
export function decodeBulkSlice(bytes: Uint8Array): readonly Signed<DatasetOrder>[] {
  const value = parseBulkJson(bytes, MAX_BULK_SLICE_BYTES, 'slice');
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_DATASETS_PER_TASK)
    throw bulkInvalid(`A slice of a bulk must be an array of 1 to ${MAX_DATASETS_PER_TASK} data set orders`);
  const orders = value.map(decodeAt);
  const repeated = orders.findIndex(({ dataset }, position) => orders.findIndex((one) => one.dataset === dataset) < position);
  if (repeated === -1) return orders;
  const { dataset } = orders[repeated] as DatasetOrder;
  throw bulkInvalid(`Data set ${dataset} stands twice in one slice of the bulk`, { position: repeated, dataset });
}

function decodeAt(value: unknown, position: number): Signed<DatasetOrder> {
  try {
    const order = decodeSignedOrder('dataset', value);
    if (order.sign.length <= MAX_SIGN_CHARS) return order;
  } catch (error) {
    if (!isGleanerError(error)) throw error;
    throw new GleanerError('bulk-invalid', `Order ${position} of the slice: ${error.message}`, { details: { ...error.details, position } });
  }
  throw bulkInvalid(`Order ${position} of the slice has a signature of more than 4096 bytes`, { position });
}
