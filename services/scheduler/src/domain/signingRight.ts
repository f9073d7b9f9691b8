import type { ServedDeals } from '@gleaner/api';
import type { Address, Bytes32 } from '@gleaner/primitives';
import { isEndedByOneEnclave } from '@gleaner/protocol';
import { isAddressEqual } from 'viem';

/**
 * In whose name a scheduler's key signs for an owner of pools: its own (`owner`), that of the operator contract whose agent it is, or, as the
 * hub's TEE broker, for whoever it is, but only for enclaves.
 */
export type SigningRight =
  | { readonly kind: 'owner' }
  | { readonly kind: 'operator'; readonly operator: Address }
  | { readonly kind: 'broker' };

export interface SigningFacts {
  /** Of the scheduler. */
  readonly key: Address;
  readonly owner: Address;
  /** Agent of the owner, when that is an operator contract. */
  readonly agent?: Address | undefined;
  /** Of the hub; the zero address: none. */
  readonly teeBroker: Address;
}

/** `undefined` when the chain would take no signature of this key. */
export function signingRight({ key, owner, agent, teeBroker }: SigningFacts): SigningRight | undefined {
  if (isAddressEqual(key, owner)) return { kind: 'owner' };
  if (agent !== undefined && isAddressEqual(key, agent)) return { kind: 'operator', operator: owner };
  return isAddressEqual(key, teeBroker) ? { kind: 'broker' } : undefined;
}

/**
 * Which deals can be brought to their end with this right. A broker lets enclaves in and nothing else: `finalize` is the owner's, so one worker
 * must end the task by itself. Source: contracts, `Authorisation`.
 */
export function servedDeals(right: SigningRight | undefined): ServedDeals {
  if (right === undefined) return 'none';
  return right.kind === 'broker' ? 'enclaves' : 'all';
}

export function canServe(right: SigningRight | undefined, deal: { readonly tag: Bytes32; readonly trust: bigint }): boolean {
  const deals = servedDeals(right);
  return deals === 'all' || (deals === 'enclaves' && isEndedByOneEnclave(deal));
}
