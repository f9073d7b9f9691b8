import { GleanerError, type Hex, isGleanerError } from '@gleaner/primitives';
import {
  bulkSliceOf,
  checkBulkOrder,
  contentIdOf,
  decodeBulkIndex,
  decodeBulkSlice,
  MAX_BULK_INDEX_BYTES,
  MAX_BULK_SLICE_BYTES,
} from '@gleaner/protocol';
import type { SecretId } from '@gleaner/store';
import { datasetSecret } from './domain/secretIds.ts';
import type { ChainFacts, ReadContent, TaskFacts } from './ports.ts';

export interface BulkDeps {
  readonly facts: ChainFacts;
  /** Absent where no content store is at hand: then no bulk is served. */
  readonly readContent?: ReadContent;
}

export interface BulkDataset {
  readonly id: SecretId;
  readonly checksum: Hex;
}

/**
 * The data sets of a task's slice, in its order, after every one of their orders was found to allow the task.
 * @param bulk content id of the list of slices
 * @throws {GleanerError} bulk-invalid, bulk-order-refused, content-not-found, content-corrupt, service-unreachable
 */
export async function readBulk(deps: BulkDeps, bulk: string, { deal, index }: TaskFacts): Promise<readonly BulkDataset[]> {
  const slices = decodeBulkIndex(await read(deps, contentIdOf(`/ipfs/${bulk}`, 'bulk-invalid'), MAX_BULK_INDEX_BYTES));
  const orders = decodeBulkSlice(await read(deps, bulkSliceOf(slices, index), MAX_BULK_SLICE_BYTES));
  const facts = await deps.facts.findBulkOrders(orders, deal);
  return orders.map((order, position) => {
    const { dataset } = order;
    const found = facts[position];
    const broken = found === undefined ? [] : checkBulkOrder(order, { deal, ...found });
    if (found?.checksum !== undefined && broken.length === 0) return { id: datasetSecret(dataset), checksum: found.checksum };
    const rules = broken.join(', ') || 'not-registered';
    throw new GleanerError(
      'bulk-order-refused',
      `The order ${position} of the slice, of data set ${dataset}, does not allow this task: ${rules}`,
      {
        details: { dataset, position, rules },
      },
    );
  });
}

/** What the requester has put where the file should be is the requester's fault; that it cannot be had may be anybody's. */
const NO_SUCH_FILE: ReadonlySet<string> = new Set(['bad-request', 'content-too-large']);

async function read({ readContent }: BulkDeps, contentId: string, maxBytes: number): Promise<Uint8Array> {
  if (readContent === undefined)
    throw new GleanerError('service-unreachable', 'This secret service reads no content, so it serves no bulk requests', {
      details: { contentId },
    });
  try {
    return await readContent(contentId, { maxBytes });
  } catch (error) {
    if (!isGleanerError(error) || !NO_SUCH_FILE.has(error.code)) throw error;
    throw new GleanerError('bulk-invalid', `${contentId} of the bulk is no file of at most ${maxBytes} bytes`, {
      details: { contentId, maxBytes },
    });
  }
}
