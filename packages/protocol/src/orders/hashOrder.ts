import type { Bytes32, Hex, OrderHash } from '@gleaner/primitives';
import { concat, domainSeparator, hashTypedData, keccak256, numberToHex, pad, stringToHex } from 'viem';
import { ORDER_KINDS, type OrderKind, type Orders } from './orderSchema.ts';
import { ORDER_TYPE_NAMES, type OrderDomain, type OrderOperation, operationTypedData, orderTypes } from './orderTypes.ts';

/**
 * The order hash of events, `viewConsumed`, `viewPresigned` and deal ids: the EIP-712 digest
 * keccak256(0x1901 ‖ domain separator ‖ struct hash), not the bare struct hash.
 */
export function hashOrder<K extends OrderKind>(kind: K, order: Orders[K], domain: OrderDomain): OrderHash {
  return keccak256(concat(['0x1901', rememberedSeparator(domain), hashOrderStruct(kind, order)])) as OrderHash;
}

/**
 * EIP-712 struct hash of an order, without domain: keccak256(type hash ‖ a word for each member). Books hash hundreds of orders a second, so
 * it is written out for the few types that members of orders have; the tests hold it to a library's `hashStruct`.
 */
export function hashOrderStruct<K extends OrderKind>(kind: K, order: Orders[K]): Bytes32 {
  const fields = order as unknown as Readonly<Record<string, Hex | bigint>>;
  const words = orderTypes[ORDER_TYPE_NAMES[kind]].map(({ name, type }) => wordOf(type, fields[name] as Hex & bigint));
  return keccak256(concat([TYPE_HASHES[kind], ...words])) as Bytes32;
}

/** Digest that the owner signs to presign or close the order. */
export function hashOperation<K extends OrderKind>(kind: K, order: Orders[K], operation: OrderOperation, domain: OrderDomain): Bytes32 {
  return hashTypedData({ ...operationTypedData(kind, order, operation, domain), domain: { ...domain } }) as Bytes32;
}

/** keccak256 of the encoded domain, as the hub stores it. */
export function hashDomain(domain: OrderDomain): Bytes32 {
  return domainSeparator({ domain: { ...domain } }) as Bytes32;
}

const TYPE_HASHES = Object.fromEntries(
  ORDER_KINDS.map((kind) => {
    const name = ORDER_TYPE_NAMES[kind];
    const members = orderTypes[name].map((member) => `${member.type} ${member.name}`);
    return [kind, keccak256(stringToHex(`${name}(${members.join(',')})`))];
  }),
) as Readonly<Record<OrderKind, Hex>>;

type MemberType = (typeof orderTypes)[keyof typeof orderTypes][number]['type'];

/** `encodeData` of EIP-712 for one member. */
function wordOf(type: MemberType, value: Hex & bigint): Hex {
  switch (type) {
    case 'address':
      return pad(value);
    case 'bytes32':
      return value;
    case 'uint256':
      return numberToHex(value, { size: 32 });
    case 'string':
      return keccak256(stringToHex(value));
  }
}

const separators = new WeakMap<OrderDomain, Bytes32>();

function rememberedSeparator(domain: OrderDomain): Bytes32 {
  const separator = separators.get(domain) ?? hashDomain(domain);
  separators.set(domain, separator);
  return separator;
}
