import type { Bytes32, Hex } from '@gleaner/primitives';
import { concat, keccak256, numberToHex, pad, stringToHex } from 'viem';

export interface StructMember {
  readonly name: string;
  readonly type: 'address' | 'bytes32' | 'uint256' | 'string';
}

/**
 * EIP-712 `hashStruct` of one flat type: keccak256(type hash ‖ a word for each member). Services hash hundreds of orders and challenges a second,
 * so it knows the few types that these have and nothing else; the tests hold it to a library's.
 */
export function structHasher(name: string, members: readonly StructMember[]): (fields: object) => Bytes32 {
  const typeHash = keccak256(stringToHex(`${name}(${members.map((member) => `${member.type} ${member.name}`).join(',')})`));
  return (fields) => {
    const values = fields as Readonly<Record<string, Hex & bigint>>;
    return keccak256(concat([typeHash, ...members.map((member) => wordOf(member.type, values[member.name] as Hex & bigint))])) as Bytes32;
  };
}

/** EIP-712 digest that is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash). */
export const typedDataDigest = (separator: Bytes32, structHash: Bytes32): Bytes32 =>
  keccak256(concat(['0x1901', separator, structHash])) as Bytes32;

/** `encodeData` of EIP-712 for one member. */
function wordOf(type: StructMember['type'], value: Hex & bigint): Hex {
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
