import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';

/** Answer of an ERC-734 group: does `restriction` hold `candidate` with purpose 4? False for accounts and for groups that revert. */
export type GroupAllows = (restriction: Address, candidate: Address) => boolean;

/** A restriction admits everyone when zero, otherwise its own address, otherwise the members of the group at that address. */
export function isAllowed(restriction: Address, candidate: Address, groupAllows: GroupAllows): boolean {
  return restriction === ZERO_ADDRESS || restriction.toLowerCase() === candidate.toLowerCase() || groupAllows(restriction, candidate);
}
