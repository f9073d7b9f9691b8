import type { Address, Details, ReasonCode } from '@gleaner/primitives';
import type { OrderStatus } from './orderStatus.ts';
import { type AnyOrder, neededStake } from './orderTerms.ts';

/** Open orders of one kind that a wallet may have. */
export const MAX_OPEN_ORDERS = 50;

/** Everything that decides whether an order may enter the book, read at the head of the chain. */
export interface PublishFacts {
  readonly offer: AnyOrder;
  /** Who calls, proven by a signed challenge. */
  readonly caller: Address;
  /** Status of the same order when it was published before. */
  readonly recorded?: OrderStatus;
  /** Entries named by the order that no registry knows. */
  readonly unregistered: readonly Address[];
  /** Owner of the entry, or the requester; absent when the entry does not answer. */
  readonly signer?: Address;
  readonly isSigned: boolean;
  /** Open orders of this kind by the same signer. */
  readonly openOrders: number;
  readonly consumed: bigint;
  /** Free escrow of the signer, nRLC. */
  readonly freeStake: bigint;
  /** Of a request order: which needed orders nobody offers at or under its maximum price. */
  readonly missingOffers: readonly ('app' | 'dataset')[];
  /** Category that the order names and the hub does not know. */
  readonly unknownCategory?: bigint;
}

export interface PublishIssue {
  readonly code: ReasonCode;
  readonly message: string;
  readonly details: Details;
}

/**
 * All that keeps an order out of the book, in the order in which the market API checks; empty when it may enter.
 * Clients know the messages of the first seven checks by their words. Source: market services 2, publish rules.
 */
export function checkPublish(facts: PublishFacts): PublishIssue[] {
  const { offer, caller, signer, recorded, unregistered, openOrders, consumed, unknownCategory } = facts;
  const { kind } = offer;
  const remaining = offer.order.volume - consumed;
  const need = neededStake(offer, remaining);
  return [
    ...when(recorded !== undefined && recorded !== 'dead', 'order-already-published', 'order already published', { status: recorded }),
    ...when(unregistered.length > 0, 'resource-not-deployed', 'Resource not deployed', { asset: unregistered.join(',') }),
    ...when(!sameAddress(caller, signer), 'forbidden', `only order signer ${signer} can publish an order`, { caller, signer }),
    ...when(!facts.isSigned, 'order-signature-invalid', 'invalid sign', { signer }),
    ...when(openOrders >= MAX_OPEN_ORDERS, 'forbidden', `maximum number of published ${kind}orders reached (${MAX_OPEN_ORDERS})`, {
      openOrders,
    }),
    ...when(remaining <= 0n, 'order-consumed', 'order already consumed', { volume: offer.order.volume, consumed }),
    ...when(need > facts.freeStake, 'stake-too-low', stakeMessage(kind, need, facts.freeStake), { required: need, stake: facts.freeStake }),
    ...facts.missingOffers.flatMap((missing) =>
      when(true, 'no-matching-order', `no open ${missing}order matches the requestorder`, { missing }),
    ),
    ...when(unknownCategory !== undefined, 'category-unknown', `category ${unknownCategory} does not exist`, { category: unknownCategory }),
  ];
}

function when(refused: boolean, code: ReasonCode, message: string, details: Details): PublishIssue[] {
  return refused ? [{ code, message, details }] : [];
}

function stakeMessage(kind: string, need: bigint, stake: bigint): string {
  const who = kind === 'workerpool' ? 'workerpool owner' : 'requester';
  return `${who}'s stake is too low to guarantee the ${kind}order (required ${need} nRLC, available ${stake} nRLC)`;
}

function sameAddress(one: Address, other: Address | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
