import type { OrderHash } from '@gleaner/primitives';
import { ENCLAVE_TAG } from '@gleaner/protocol';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import type { Gleaner } from '../createGleaner.ts';
import { createDatasetOrder, type DatasetRestrictions } from '../orders/createOrders.ts';
import { publishOrder } from '../orders/publishOrder.ts';
import { signOrder } from '../orders/signOrder.ts';
import { hasSecret } from '../secrets/hasSecret.ts';
import { pushSecret } from '../secrets/pushSecret.ts';
import type { EncryptedDataset } from './encryptDataset.ts';
import { type RegisteredDataset, registerDataset } from './registerDataset.ts';

export interface PublishDataset {
  /** Keep it, key included, until the call has ended: with the same value it goes on where it was stopped. */
  readonly data: EncryptedDataset;
  readonly name: string;
  /** nRLC per task. */
  readonly price: bigint;
  /** Tasks that the order sells. */
  readonly volume: bigint;
  readonly restrictTo?: DatasetRestrictions;
}

export interface PublishedDataset extends RegisteredDataset {
  readonly orderHash: OrderHash;
}

/**
 * Registers an encrypted data set, gives its key to the secret service and sells its use to enclaves: an order stands in the book afterwards.
 * The order comes last, so nothing is sold whose key is missing.
 * @throws {GleanerError} of `registerDataset`, `pushSecret` and `publishOrder`
 */
export function publishDataset(gleaner: Gleaner, input: PublishDataset, settings: CallSettings = {}): Promise<PublishedDataset> {
  return bounded(gleaner, settings, async (client) => {
    const { data, name, price, volume, restrictTo = {} } = input;
    const registered = await registerDataset(client, { bytes: data.encrypted, name });
    const { dataset } = registered;
    const place = { kind: 'dataset', dataset } as const;
    if (!(await hasSecret(client, place))) await pushSecret(client, { place, value: data.key });
    const order = createDatasetOrder({ dataset, price, volume, tag: ENCLAVE_TAG, restrictTo });
    const { orderHash } = await publishOrder(client, 'dataset', await signOrder(client, 'dataset', order));
    return { ...registered, orderHash };
  });
}
