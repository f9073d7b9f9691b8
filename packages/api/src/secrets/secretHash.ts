import type { Address, Bytes32 } from '@gleaner/primitives';
import { concat, keccak256, toHex } from 'viem/utils';

/** Separates these messages from every other that a wallet signs. */
const DOMAIN = keccak256(toHex('IEXEC_SMS_DOMAIN'));

/**
 * What the owner of a secret signs (personal_sign of these 32 bytes) to set it, as stock clients compute it:
 * keccak256(keccak256("IEXEC_SMS_DOMAIN") ‖ owner ‖ keccak256(name) ‖ keccak256(value)), packed; text as UTF-8.
 *
 * The secret of a data set has no name, and its owner is the address of the data set; that of an app has the name `1`.
 */
export function secretHash({ owner, name, value }: { readonly owner: Address; readonly name?: string; readonly value: string }): Bytes32 {
  const named = name === undefined ? [] : [keccak256(toHex(name))];
  return keccak256(concat([DOMAIN, owner, ...named, keccak256(toHex(value))])) as Bytes32;
}
