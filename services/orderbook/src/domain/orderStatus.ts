import type { Address } from '@gleaner/primitives';
import { type AnyOrder, neededStake } from './orderTerms.ts';

/** `open` may be matched; `filled`: all volume dealt; `canceled`: closed by its owner; `dead`: withdrawn or no longer backed. */
export type OrderStatus = 'open' | 'filled' | 'canceled' | 'dead';

/** What the chain and the book say about one published order. */
export interface OrderFacts {
  /** Units used up on chain; the whole volume when closed. */
  readonly consumed: bigint;
  readonly closed: boolean;
  /** Current owner of the entry, or the requester; absent when the entry does not answer. */
  readonly owner?: Address;
  /** By a key, or by a contract that still stands by it. */
  readonly isSigned: boolean;
  /** Free escrow of the signer, nRLC. */
  readonly freeStake: bigint;
  /** Of a request order: somebody offers the app, and the data set if one is named, at or under its maximum. */
  readonly isOffered: boolean;
}

export interface Verdict {
  readonly status: OrderStatus;
  readonly remaining: bigint;
}

/**
 * Status that an order should have. Death is final until it is published again; `filled` and `canceled` follow the chain, back to `open` too when a
 * reorganisation takes a deal or a closing away.
 */
export function orderStatus(recorded: Verdict & { readonly offer: AnyOrder; readonly signer: Address }, facts: OrderFacts): Verdict {
  const { offer, signer, status } = recorded;
  if (status === 'dead') return { status, remaining: recorded.remaining };
  const remaining = offer.order.volume - facts.consumed;
  if (facts.closed) return { status: 'canceled', remaining: 0n };
  if (remaining <= 0n) return { status: 'filled', remaining: 0n };
  return { status: isBacked(offer, signer, facts, remaining) ? 'open' : 'dead', remaining };
}

function isBacked(offer: AnyOrder, signer: Address, facts: OrderFacts, remaining: bigint): boolean {
  const isOwner = facts.owner?.toLowerCase() === signer.toLowerCase();
  return isOwner && facts.isSigned && facts.freeStake >= neededStake(offer, remaining) && facts.isOffered;
}
