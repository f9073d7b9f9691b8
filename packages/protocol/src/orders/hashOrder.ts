import type { Bytes32, OrderHash } from '@gleaner/primitives';
import { domainSeparator, hashStruct, hashTypedData } from 'viem';
import type { OrderKind, Orders } from './orderSchema.ts';
import { type OrderDomain, type OrderOperation, operationTypedData, orderTypedData } from './orderTypes.ts';

/**
 * The order hash of events, `viewConsumed`, `viewPresigned` and deal ids: the EIP-712 digest
 * keccak256(0x1901 ‖ domain separator ‖ struct hash), not the bare struct hash.
 */
export function hashOrder<K extends OrderKind>(kind: K, order: Orders[K], domain: OrderDomain): OrderHash {
  return hashTypedData({ ...orderTypedData(kind, order, domain), domain: { ...domain } }) as OrderHash;
}

/** EIP-712 struct hash of an order, without domain. */
export function hashOrderStruct<K extends OrderKind>(kind: K, order: Orders[K], domain: OrderDomain): Bytes32 {
  const { types, primaryType, message } = orderTypedData(kind, order, domain);
  return hashStruct({ data: message, primaryType, types: types as Record<string, { name: string; type: string }[]> }) as Bytes32;
}

/** Digest that the owner signs to presign or close the order. */
export function hashOperation<K extends OrderKind>(kind: K, order: Orders[K], operation: OrderOperation, domain: OrderDomain): Bytes32 {
  return hashTypedData({ ...operationTypedData(kind, order, operation, domain), domain: { ...domain } }) as Bytes32;
}

/** keccak256 of the encoded domain, as the hub stores it. */
export function hashDomain(domain: OrderDomain): Bytes32 {
  return domainSeparator({ domain: { ...domain } }) as Bytes32;
}
