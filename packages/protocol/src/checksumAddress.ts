import type { Address } from '@gleaner/primitives';
import { getAddress } from 'viem';

/** Addresses remembered at most, some 200 bytes each; then all are forgotten. */
const MOST = 20_000;
const known = new Map<string, Address>();

/** 0x and 40 hexadecimal digits in any letter case. */
export const isAddressText = (text: string): text is Address => /^0x[0-9a-fA-F]{40}$/.test(text);

/**
 * An address with its EIP-55 checksum. Remembers: the same few addresses come again and again, and each checksum is a hash.
 * @param address as `isAddressText` takes it
 */
export function checksumAddress(address: Address): Address {
  const lower = address.toLowerCase();
  const remembered = known.get(lower);
  if (remembered !== undefined) return remembered;
  if (known.size >= MOST) known.clear();
  const checksummed = getAddress(lower);
  known.set(lower, checksummed);
  return checksummed;
}
