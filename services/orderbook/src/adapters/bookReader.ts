import type { OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { findOrders, listChangedOrders, type OrderRecord, type Store } from '@gleaner/store';
import { LRUCache } from 'lru-cache';
import type { BookFilter } from '../domain/bookFilter.ts';
import { OpenBook } from '../domain/OpenBook.ts';
import { batched } from './batched.ts';
import { coalesced } from './coalesced.ts';

/** Records kept, some 3 kB each: those of the pages that are asked for again and again. */
const KEPT = 5_000;

export interface BookReader<T> {
  /** As `OrderStore` has it; sees every change that was committed when it was called, by whatever process. */
  list(kind: OrderKind, filter: BookFilter, page: { skip: number; limit: number }): Promise<{ orders: T[]; count: number }>;
}

/**
 * Reads books from memory, brought up to date by what changed in the database before each answer; calls made together share that.
 * @param read what callers want of a record; done once as long as the record stays the same
 */
export function createBookReader<T extends object>(db: Store['db'], read: (record: OrderRecord) => T): BookReader<T> {
  const book = new OpenBook();
  const kept = new LRUCache<OrderHash, Promise<T | undefined>>({ max: KEPT });
  let horizon: string | undefined;
  const refresh = coalesced(async () => {
    const changes = await listChangedOrders(db, horizon);
    book.apply(changes.orders);
    for (const { orderHash } of changes.orders) kept.delete(orderHash);
    horizon = changes.horizon;
  });
  /** What left the book meanwhile is not there. */
  const load = batched(async (orderHashes: readonly OrderHash[]) => {
    const records = new Map((await findOrders(db, orderHashes)).map((record) => [record.orderHash, record]));
    return orderHashes.map((orderHash) => {
      const record = records.get(orderHash);
      return record?.status === 'open' ? read(record) : undefined;
    });
  });
  // the promise is kept, not what comes of it: a change that is seen while it is loaded takes it away too
  const find = (orderHash: OrderHash): Promise<T | undefined> => {
    const known = kept.get(orderHash);
    if (known !== undefined) return known;
    const loading = load(orderHash);
    kept.set(orderHash, loading);
    loading.catch(() => {
      if (kept.peek(orderHash) === loading) kept.delete(orderHash);
    });
    return loading;
  };

  return {
    async list(kind, filter, page) {
      await refresh();
      const { orderHashes, count } = book.list(kind, filter, page);
      const orders = await Promise.all(orderHashes.map(find));
      return { orders: orders.filter((order) => order !== undefined), count };
    },
  };
}
