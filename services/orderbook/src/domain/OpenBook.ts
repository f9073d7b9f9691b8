import { type Address, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME, ORDER_KINDS, type OrderKind } from '@gleaner/protocol';
import type { BookFilter, ChangedOrder, Restriction } from '@gleaner/store';
import { Numbering } from './Numbering.ts';

/** Fields that a book compares with an address, which is kept as a number. */
const ADDRESSES = [
  'signer',
  'app',
  'dataset',
  'workerpool',
  'requester',
  'beneficiary',
  'appRestrict',
  'datasetRestrict',
  'workerpoolRestrict',
  'requesterRestrict',
] as const;
type AddressField = (typeof ADDRESSES)[number];

/** Which restrictions the orders of a kind have. */
const RESTRICTIONS = {
  app: ['datasetRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  dataset: ['appRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  workerpool: ['appRestrict', 'datasetRestrict', 'requesterRestrict'],
  request: ['workerpoolRestrict'],
} as const satisfies Record<OrderKind, readonly AddressField[]>;

/** Number of a field that orders of a kind do not have; no address has it. */
const ABSENT = -2;

interface Entry extends Readonly<Record<AddressField, number>> {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
  readonly price: bigint;
  readonly publishedAtMs: number;
  readonly remaining: bigint;
  readonly volume: bigint;
  readonly tag: bigint;
  readonly category: bigint;
  readonly trust: bigint;
}

type Predicate = (entry: Entry) => boolean;

export interface FoundPage {
  readonly orderHashes: readonly OrderHash[];
  /** Orders that fit, over all pages. */
  readonly count: number;
}

/**
 * The open orders in memory, each kind in the order of its book: price ascending (requests: descending), then the earlier published, then by
 * hash. About 300 bytes an order. Answers like `listBook` of the store, which reads the database instead; a page and its count cost one pass
 * over the orders of the kind.
 */
export class OpenBook {
  readonly #known = new Map<OrderHash, Entry>();
  readonly #books: Record<OrderKind, Entry[]> = { app: [], dataset: [], workerpool: [], request: [] };
  readonly #addresses = new Numbering<Address>();

  /** Enters orders as they are now, in any order and any number of times. */
  apply(orders: readonly ChangedOrder[]): void {
    if (orders.length > this.#known.size / 16) this.#rebuild(orders);
    else for (const order of orders) this.#replace(order);
  }

  list(kind: OrderKind, filter: BookFilter, { skip, limit }: { skip: number; limit: number }): FoundPage {
    const fits = this.#predicates(kind, filter);
    const orderHashes: OrderHash[] = [];
    let count = 0;
    for (const entry of this.#books[kind]) {
      if (!fits.every((predicate) => predicate(entry))) continue;
      if (count >= skip && orderHashes.length < limit) orderHashes.push(entry.orderHash);
      count += 1;
    }
    return { orderHashes, count };
  }

  /** Costs one sort of each book. */
  #rebuild(orders: readonly ChangedOrder[]): void {
    for (const order of orders) {
      if (order.status === 'open') this.#known.set(order.orderHash, this.#entryOf(order));
      else this.#known.delete(order.orderHash);
    }
    const entries = Map.groupBy(this.#known.values(), ({ kind }) => kind);
    for (const kind of ORDER_KINDS) this.#books[kind] = (entries.get(kind) ?? []).sort(compare);
  }

  #replace(order: ChangedOrder): void {
    const known = this.#known.get(order.orderHash);
    if (known !== undefined) {
      const book = this.#books[known.kind];
      book.splice(placeOf(book, known), 1);
      this.#known.delete(order.orderHash);
    }
    if (order.status !== 'open') return;
    const entry = this.#entryOf(order);
    const book = this.#books[entry.kind];
    book.splice(placeOf(book, entry), 0, entry);
    this.#known.set(order.orderHash, entry);
  }

  #entryOf(order: ChangedOrder): Entry {
    const numbers = Object.fromEntries(ADDRESSES.map((field) => [field, this.#numberOf(order[field])]));
    const { orderHash, kind, price, publishedAt, remaining, volume, tag, category, trust } = order;
    return {
      orderHash,
      kind,
      price,
      publishedAtMs: publishedAt.getTime(),
      remaining,
      volume,
      tag: BigInt(`0b${tag}`),
      category: category ?? 0n,
      trust: trust ?? 0n,
      ...(numbers as Record<AddressField, number>),
    };
  }

  #numberOf(address: Address | null): number {
    return address === null ? ABSENT : this.#addresses.of(address);
  }

  #predicates(kind: OrderKind, filter: BookFilter): Predicate[] {
    return [...this.#equalities(filter), ...this.#restrictions(kind, filter), ...numberPredicates(filter), ...tagPredicates(filter)];
  }

  #equalities(filter: BookFilter): Predicate[] {
    return (['app', 'dataset', 'workerpool', 'requester', 'beneficiary', 'signer'] as const).flatMap((field) => {
      const wanted = filter[field];
      if (wanted === undefined || wanted === 'any') return [];
      const number = this.#addresses.find(wanted);
      return [(entry: Entry) => entry[field] === number];
    });
  }

  #restrictions(kind: OrderKind, filter: BookFilter): Predicate[] {
    return RESTRICTIONS[kind].flatMap((field) => this.#restriction(field, filter[field]));
  }

  #restriction(field: AddressField, restriction: Restriction | undefined): Predicate[] {
    if (restriction === 'any') return [];
    const nobody = this.#addresses.of(ZERO_ADDRESS);
    if (restriction === undefined) return [(entry) => entry[field] === nobody];
    const wanted = this.#addresses.find(restriction.address);
    if (restriction.strict) return [(entry) => entry[field] === wanted];
    return [(entry) => entry[field] === nobody || entry[field] === wanted];
  }
}

function numberPredicates({ category, minTrust, maxTrust, minVolume, bulkOnly }: BookFilter): Predicate[] {
  const predicates: Predicate[] = [];
  if (category !== undefined) predicates.push((entry) => entry.category === category);
  if (minTrust !== undefined) predicates.push((entry) => entry.trust >= minTrust);
  if (maxTrust !== undefined) predicates.push((entry) => entry.trust <= maxTrust);
  if (minVolume !== undefined) predicates.push((entry) => entry.remaining >= minVolume);
  if (bulkOnly) predicates.push((entry) => entry.price === 0n && entry.volume >= BULK_VOLUME);
  return predicates;
}

function tagPredicates({ minTag, maxTag }: BookFilter): Predicate[] {
  const predicates: Predicate[] = [];
  if (minTag !== undefined) {
    const bits = BigInt(minTag);
    predicates.push((entry) => (entry.tag & bits) === bits);
  }
  if (maxTag !== undefined) {
    const bits = BigInt(maxTag);
    predicates.push((entry) => (entry.tag | bits) === bits);
  }
  return predicates;
}

/** Negative when `a` comes first. */
function compare(a: Entry, b: Entry): number {
  if (a.price !== b.price) return a.price < b.price === (a.kind !== 'request') ? -1 : 1;
  if (a.publishedAtMs !== b.publishedAtMs) return a.publishedAtMs - b.publishedAtMs;
  return a.orderHash < b.orderHash ? -1 : a.orderHash > b.orderHash ? 1 : 0;
}

/** Index of the first entry that does not come before this one. */
function placeOf(book: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, book.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(book[middle] as Entry, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
