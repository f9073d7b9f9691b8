import type { Bytes32, OrderHash } from '@gleaner/primitives';
import { domainSeparator, hashTypedData } from 'viem';
import { structHasher, typedDataDigest } from '../structHasher.ts';
import { ORDER_KINDS, type OrderKind, type Orders } from './orderSchema.ts';
import { ORDER_TYPE_NAMES, type OrderDomain, type OrderOperation, operationTypedData, orderTypes } from './orderTypes.ts';

const HASHERS = Object.fromEntries(
  ORDER_KINDS.map((kind) => [kind, structHasher(ORDER_TYPE_NAMES[kind], orderTypes[ORDER_TYPE_NAMES[kind]])]),
) as Readonly<Record<OrderKind, (order: object) => Bytes32>>;

/**
 * The order hash of events, `viewConsumed`, `viewPresigned` and deal ids: the EIP-712 digest
 * keccak256(0x1901 ‖ domain separator ‖ struct hash), not the bare struct hash.
 */
export function hashOrder<K extends OrderKind>(kind: K, order: Orders[K], domain: OrderDomain): OrderHash {
  return typedDataDigest(rememberedSeparator(domain), hashOrderStruct(kind, order)) as string as OrderHash;
}

/** EIP-712 struct hash of an order, without domain; a `sign` field on the order is left out. */
export function hashOrderStruct<K extends OrderKind>(kind: K, order: Orders[K]): Bytes32 {
  return HASHERS[kind](order);
}

/** Digest that the owner signs to presign or close the order. */
export function hashOperation<K extends OrderKind>(kind: K, order: Orders[K], operation: OrderOperation, domain: OrderDomain): Bytes32 {
  return hashTypedData({ ...operationTypedData(kind, order, operation, domain), domain: { ...domain } }) as Bytes32;
}

/** keccak256 of the encoded domain, as the hub stores it. */
export function hashDomain(domain: OrderDomain): Bytes32 {
  return domainSeparator({ domain: { ...domain } }) as Bytes32;
}

const separators = new WeakMap<OrderDomain, Bytes32>();

function rememberedSeparator(domain: OrderDomain): Bytes32 {
  const separator = separators.get(domain) ?? hashDomain(domain);
  separators.set(domain, separator);
  return separator;
}
