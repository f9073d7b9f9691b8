import type { Address, Bytes32, OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import type { ColumnType } from 'kysely';

/** `dead`: withdrawn, or no longer backed by stake or ownership; it may be published again. */
export type OrderStatus = 'open' | 'filled' | 'canceled' | 'dead';

export interface OrderRecordTable {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
  /** The order with its signature, in wire form. */
  readonly signedOrder: ColumnType<Record<string, unknown>, string, string>;
  readonly signer: Address;
  readonly status: OrderStatus;
  readonly remaining: bigint;
  readonly publishedAt: Date;
  readonly volume: bigint;
  /** nRLC per task; of a request order its `workerpoolmaxprice`. */
  readonly price: bigint;
  /** 256 binary digits. */
  readonly tag: string;
  readonly app: Address | null;
  readonly dataset: Address | null;
  readonly workerpool: Address | null;
  readonly requester: Address | null;
  readonly beneficiary: Address | null;
  readonly category: bigint | null;
  readonly trust: bigint | null;
  readonly appRestrict: Address | null;
  readonly datasetRestrict: Address | null;
  readonly workerpoolRestrict: Address | null;
  readonly requesterRestrict: Address | null;
}

/** What the book answers. */
export interface OrderRecord {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
  readonly signedOrder: Record<string, unknown>;
  readonly signer: Address;
  readonly status: OrderStatus;
  readonly remaining: bigint;
  readonly publishedAt: Date;
}

/** What publishing stores: the signed order in wire form, and its fields as the book filters and sorts by them. */
export interface NewOrder {
  readonly orderHash: OrderHash;
  readonly kind: OrderKind;
  readonly signedOrder: Record<string, unknown>;
  readonly signer: Address;
  readonly remaining: bigint;
  readonly publishedAt: Date;
  readonly volume: bigint;
  /** nRLC per task; of a request order its `workerpoolmaxprice`. */
  readonly price: bigint;
  readonly tag: Bytes32;
  readonly app?: Address;
  readonly dataset?: Address;
  readonly workerpool?: Address;
  readonly requester?: Address;
  readonly beneficiary?: Address;
  readonly category?: bigint;
  readonly trust?: bigint;
  /** Restrictions of the order; the zero address admits everyone. */
  readonly appRestrict?: Address;
  readonly datasetRestrict?: Address;
  readonly workerpoolRestrict?: Address;
  readonly requesterRestrict?: Address;
}

export interface ChallengeTable {
  readonly scope: string;
  readonly address: Address;
  readonly challenge: string;
  readonly expiresAt: Date;
}
