import { type Address, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME, ORDER_KINDS, type OrderKind } from '@gleaner/protocol';
import type { ChangedOrder } from '@gleaner/store';
import type { BookFilter, Restriction } from './bookFilter.ts';
import { Numbering } from './Numbering.ts';
import type { NumberTest } from './NumberTable.ts';
import { type BookEntry, SortedBook } from './SortedBook.ts';

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

const AMOUNTS = ['category', 'trust', 'remaining', 'tag'] as const;
type AmountField = (typeof AMOUNTS)[number];

/** What filters compare, in the order of the columns; addresses and amounts are numbered, the last is 0 or 1. */
const COLUMNS = [...ADDRESSES, ...AMOUNTS, 'isBulk'] as const;

/** Which restrictions the orders of a kind have. */
const RESTRICTIONS = {
  app: ['datasetRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  dataset: ['appRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  workerpool: ['appRestrict', 'datasetRestrict', 'requesterRestrict'],
  request: ['workerpoolRestrict'],
} as const satisfies Record<OrderKind, readonly AddressField[]>;

/** Number of a field that orders of a kind do not have; no value has it. */
const ABSENT = -2;

export interface FoundPage {
  readonly orderHashes: readonly OrderHash[];
  /** Orders that fit, over all pages. */
  readonly count: number;
}

/**
 * The open orders in memory, each kind in the order of its book (`SortedBook`). Some 800 bytes an order; a page and its count cost one pass
 * over the numbers of the kind's orders.
 */
export class OpenBook {
  readonly #known = new Map<OrderHash, BookEntry>();
  readonly #books: Record<OrderKind, SortedBook> = mapKinds(() => new SortedBook([]));
  readonly #spare: number;
  #addresses = new Numbering<string>();
  #amounts = new Numbering<bigint>();

  /** @param options.spare numbers of values that no order has any more are given up when there are more than this and the others together */
  constructor({ spare = 50_000 } = {}) {
    this.#spare = spare;
  }

  /** Enters orders as they are now, in any order and any number of times. */
  apply(orders: readonly ChangedOrder[]): void {
    if (orders.length > this.#known.size / 16) this.#rebuild(orders);
    else for (const order of orders) this.#replace(order);
    const most = COLUMNS.length * this.#known.size + this.#spare;
    if (this.#addresses.size + this.#amounts.size > most) this.#renumber();
  }

  list(kind: OrderKind, filter: BookFilter, { skip, limit }: { skip: number; limit: number }): FoundPage {
    const book = this.#books[kind];
    const found = book.find([...this.#equalities(filter), ...this.#restrictions(kind, filter), ...this.#limits(filter)]);
    return { orderHashes: Array.from(found.subarray(skip, skip + limit), (index) => book.at(index).orderHash), count: found.length };
  }

  /** Costs one sort of each book. */
  #rebuild(orders: readonly ChangedOrder[]): void {
    for (const order of orders) {
      if (order.status === 'open') this.#known.set(order.orderHash, this.#entryOf(order));
      else this.#known.delete(order.orderHash);
    }
    this.#sort();
  }

  #sort(): void {
    const entries = Map.groupBy(this.#known.values(), ({ kind }) => kind);
    Object.assign(
      this.#books,
      mapKinds((kind) => new SortedBook(entries.get(kind) ?? [])),
    );
  }

  /** Anew, for what open orders have: every value ever seen would take memory, and time of every read that compares amounts. */
  #renumber(): void {
    const [addresses, amounts] = [this.#addresses, this.#amounts];
    this.#addresses = new Numbering();
    this.#amounts = new Numbering();
    const renumbered = (number: number, column: number): number => {
      if (number === ABSENT || column >= ADDRESSES.length + AMOUNTS.length) return number;
      return column < ADDRESSES.length ? this.#addresses.of(addresses.valueOf(number)) : this.#amounts.of(amounts.valueOf(number));
    };
    for (const entry of this.#known.values()) this.#known.set(entry.orderHash, { ...entry, numbers: entry.numbers.map(renumbered) });
    this.#sort();
  }

  #replace(order: ChangedOrder): void {
    const known = this.#known.get(order.orderHash);
    if (known !== undefined) {
      this.#books[known.kind].remove(known);
      this.#known.delete(order.orderHash);
    }
    if (order.status !== 'open') return;
    const entry = this.#entryOf(order);
    this.#books[entry.kind].insert(entry);
    this.#known.set(order.orderHash, entry);
  }

  #entryOf(order: ChangedOrder): BookEntry {
    const { orderHash, kind, price, publishedAt, volume } = order;
    const isBulk = price === 0n && volume >= BULK_VOLUME;
    const addresses = ADDRESSES.map((field) => numberOf(this.#addresses, order[field]?.toLowerCase()));
    const amounts = [order.category, order.trust, order.remaining, BigInt(`0b${order.tag}`)].map((amount) =>
      numberOf(this.#amounts, amount),
    );
    return { orderHash, kind, price, publishedAtMs: publishedAt.getTime(), numbers: [...addresses, ...amounts, isBulk ? 1 : 0] };
  }

  #equalities(filter: BookFilter): NumberTest[] {
    return (['app', 'dataset', 'workerpool', 'requester', 'beneficiary', 'signer'] as const).flatMap((field) => {
      const wanted = filter[field];
      return wanted === undefined || wanted === 'any' ? [] : [this.#equals(field, wanted)];
    });
  }

  #restrictions(kind: OrderKind, filter: BookFilter): NumberTest[] {
    return RESTRICTIONS[kind].flatMap((field) => this.#restriction(field, filter[field]));
  }

  #restriction(field: AddressField, restriction: Restriction | undefined): NumberTest[] {
    if (restriction === 'any') return [];
    if (restriction === undefined) return [this.#equals(field, ZERO_ADDRESS)];
    return [restriction.strict ? this.#equals(field, restriction.address) : this.#equals(field, restriction.address, ZERO_ADDRESS)];
  }

  #equals(field: AddressField, one: Address, other = one): NumberTest {
    const [first, second] = [this.#addresses.find(one.toLowerCase()), this.#addresses.find(other.toLowerCase())];
    return { column: COLUMNS.indexOf(field), one: first, other: second };
  }

  #limits({ category, minTrust, maxTrust, minVolume, minTag, maxTag, bulkOnly }: BookFilter): NumberTest[] {
    const amounts: readonly (readonly [AmountField, bigint | undefined, (amount: bigint, limit: bigint) => boolean])[] = [
      ['category', category, (amount, wanted) => amount === wanted],
      ['trust', minTrust, (trust, least) => trust >= least],
      ['trust', maxTrust, (trust, most) => trust <= most],
      ['remaining', minVolume, (remaining, least) => remaining >= least],
      ['tag', minTag && BigInt(minTag), (tag, needed) => (tag & needed) === needed],
      ['tag', maxTag && BigInt(maxTag), (tag, allowed) => (tag | allowed) === allowed],
    ];
    const tests: NumberTest[] = amounts.flatMap(([field, limit, fits]) =>
      limit === undefined ? [] : [{ column: COLUMNS.indexOf(field), allowed: this.#amounts.fitting((amount) => fits(amount, limit)) }],
    );
    return bulkOnly ? [...tests, { column: COLUMNS.indexOf('isBulk'), one: 1, other: 1 }] : tests;
  }
}

const numberOf = <T extends string | bigint>(numbering: Numbering<T>, value: T | null | undefined): number =>
  value === null || value === undefined ? ABSENT : numbering.of(value);

function mapKinds<T>(make: (kind: OrderKind) => T): Record<OrderKind, T> {
  return Object.fromEntries(ORDER_KINDS.map((kind) => [kind, make(kind)])) as Record<OrderKind, T>;
}
