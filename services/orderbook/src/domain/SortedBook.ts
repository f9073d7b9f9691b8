import type { OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { NumberTable, type NumberTest } from './NumberTable.ts';

export interface BookEntry {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
  readonly price: bigint;
  readonly publishedAtMs: number;
  /** What filters compare; as many for every entry of a book. */
  readonly numbers: readonly number[];
}

/** The orders of one kind: price ascending (requests: descending), then the earlier published, then by hash. Each order stands in it once. */
export class SortedBook {
  readonly #entries: BookEntry[];
  readonly #table: NumberTable;

  constructor(entries: readonly BookEntry[]) {
    this.#entries = entries.toSorted(compare);
    this.#table = new NumberTable(this.#entries.map(({ numbers }) => numbers));
  }

  at(index: number): BookEntry {
    return this.#entries[index] as BookEntry;
  }

  insert(entry: BookEntry): void {
    const index = this.#placeOf(entry);
    this.#entries.splice(index, 0, entry);
    this.#table.insert(index, entry.numbers);
  }

  remove(entry: BookEntry): void {
    const index = this.#placeOf(entry);
    this.#entries.splice(index, 1);
    this.#table.remove(index);
  }

  /** Indexes of the entries that fit all tests, ascending. */
  find(tests: readonly NumberTest[]): Uint32Array {
    return this.#table.find(tests);
  }

  /** Index of the first entry that does not come before this one. */
  #placeOf(entry: BookEntry): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.at(middle), entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Negative when `a` comes first. */
function compare(a: BookEntry, b: BookEntry): number {
  if (a.price !== b.price) return a.price < b.price === (a.kind !== 'request') ? -1 : 1;
  if (a.publishedAtMs !== b.publishedAtMs) return a.publishedAtMs - b.publishedAtMs;
  return a.orderHash < b.orderHash ? -1 : a.orderHash > b.orderHash ? 1 : 0;
}
