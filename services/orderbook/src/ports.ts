import type { Address, Bytes32, Hex, OrderHash } from '@gleaner/primitives';
import type { OrderKind, Orders, Signed } from '@gleaner/protocol';
import type { OrderSelection } from '@gleaner/store';
import type { BookFilter } from './domain/bookFilter.ts';
import type { OrderStatus, Verdict } from './domain/orderStatus.ts';
import type { AssetKind } from './domain/orderTerms.ts';

/** What the order book asks of the chain, at its head. Fails with `chain-unreachable` or `timed-out`. */
export interface ChainFacts {
  /** Owner of an entry; absent when the address does not answer. */
  ownerOf(asset: Address): Promise<Address | undefined>;
  isRegistered(kind: AssetKind, asset: Address): Promise<boolean>;
  /** Whether the hub knows the category; one that it knows is never removed. */
  hasCategory(category: bigint): Promise<boolean>;
  /** Whether the account signed or presigned, be it a key or a contract. */
  isSignedBy(account: Address, hash: Bytes32 | OrderHash, signature: Hex): Promise<boolean>;
  /** Units used up, in the order of the arguments. */
  consumedOf(orders: readonly OrderHash[]): Promise<bigint[]>;
  /** Free escrow in nRLC, in the order of the arguments. */
  freeStakeOf(accounts: readonly Address[]): Promise<bigint[]>;
}

export type SignedOffer = { readonly [K in OrderKind]: { readonly kind: K; readonly order: Signed<Orders[K]> } }[OrderKind];

/** An order in the book's records. */
export interface PublishedOrder {
  readonly orderHash: OrderHash;
  readonly offer: SignedOffer;
  readonly signer: Address;
  readonly status: OrderStatus;
  readonly remaining: bigint;
  /** Milliseconds since 1970. */
  readonly publishedAtMs: number;
}

interface Page {
  readonly skip: number;
  readonly limit: number;
}

/** Texts that wallets sign to prove who they are; each is used once. */
export interface ChallengeStore {
  /** The live challenge of the address, or `fresh` made live for so many milliseconds. */
  issue(asked: { readonly address: Address; readonly fresh: string; readonly ttlMs: number }): Promise<string>;
  /** The one that is meant, if it was issued to the address; it may have ended since. */
  find(address: Address, isMeant: (challenge: string) => boolean): Promise<string | undefined>;
  /** True exactly once, and only while it lives. */
  consume(used: { readonly address: Address; readonly challenge: string }): Promise<boolean>;
}

/** The book's records. Every call is one atomic step; fails with the typed errors of the database. */
export interface OrderStore {
  find(orderHash: OrderHash): Promise<PublishedOrder | undefined>;
  /** Enters it as open. Never twice, and never more per signer and kind than the market allows, however many publish at once. */
  publish(order: PublishedOrder): Promise<'published' | 'already-published' | 'too-many-open'>;
  countOpen(kind: OrderKind, signer?: Address): Promise<number>;
  /** One page of a book in its order, and how many orders fit over all pages. */
  listBook(kind: OrderKind, filter: BookFilter, page: Page): Promise<{ readonly orders: PublishedOrder[]; readonly count: number }>;
  /** Makes the open orders of the selection dead and gives them. */
  withdraw(selection: OrderSelection, latestOnly: boolean): Promise<PublishedOrder[]>;
  /** Writes the verdict unless the record changed since it was read. @returns whether something changed */
  settle(seen: PublishedOrder, verdict: Verdict): Promise<boolean>;
}
