import { ZERO_ADDRESS } from '@gleaner/primitives';
import type { Orders } from '@gleaner/protocol';
import { isTeeTag, tagFromBits } from '@gleaner/protocol';
import type { BookFilter } from './domain/bookFilter.ts';
import { bookPrice } from './domain/orderTerms.ts';
import type { OrderStore } from './ports.ts';

/** Which orders a request needs and nobody offers at or under its maximum price; the app must offer an enclave if the request asks for one. */
export async function findMissingOffers(store: OrderStore, request: Orders['request']): Promise<('app' | 'dataset')[]> {
  const anyone: BookFilter = { appRestrict: 'any', datasetRestrict: 'any', workerpoolRestrict: 'any', requesterRestrict: 'any' };
  const { app, dataset, tag, appmaxprice, datasetmaxprice } = request;
  const isOffered = async (kind: 'app' | 'dataset', filter: BookFilter, maximum: bigint): Promise<boolean> => {
    const { orders } = await store.listBook(kind, { ...anyone, ...filter }, { skip: 0, limit: 1 });
    return orders.some(({ offer }) => bookPrice(offer) <= maximum);
  };
  const [hasApp, hasDataset] = await Promise.all([
    isOffered('app', { app, ...(isTeeTag(tag) ? { minTag: tagFromBits(1n) } : {}) }, appmaxprice),
    dataset === ZERO_ADDRESS ? true : isOffered('dataset', { dataset }, datasetmaxprice),
  ]);
  return [...(hasApp ? [] : (['app'] as const)), ...(hasDataset ? [] : (['dataset'] as const))];
}
