import type { OrderKind } from '@gleaner/protocol';
import { type BookFilter, findOrders, listChangedOrders, type OrderRecord, type Store } from '@gleaner/store';
import { OpenBook } from '../domain/OpenBook.ts';
import { coalesced } from './coalesced.ts';

export interface BookReader {
  /** As `listBook` of the store; sees every change that was committed when it was called, by whatever process. */
  list(kind: OrderKind, filter: BookFilter, page: { skip: number; limit: number }): Promise<{ orders: OrderRecord[]; count: number }>;
}

/** Reads books from memory, brought up to date by what changed in the database before each answer; calls made together share that. */
export function createBookReader(db: Store['db']): BookReader {
  const book = new OpenBook();
  let horizon: string | undefined;
  const refresh = coalesced(async () => {
    const changes = await listChangedOrders(db, horizon);
    book.apply(changes.orders);
    horizon = changes.horizon;
  });

  return {
    async list(kind, filter, page) {
      await refresh();
      const { orderHashes, count } = book.list(kind, filter, page);
      const records = new Map((await findOrders(db, orderHashes)).map((record) => [record.orderHash, record]));
      return { orders: orderHashes.flatMap((hash) => openRecord(records.get(hash))), count };
    },
  };
}

/** What left the book meanwhile is left out. */
const openRecord = (record: OrderRecord | undefined): OrderRecord[] => (record?.status === 'open' ? [record] : []);
