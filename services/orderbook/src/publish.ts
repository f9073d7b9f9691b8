import { type Address, type Clock, GleanerError, invariant, type OrderHash } from '@gleaner/primitives';
import { hashOrder, type OrderDomain } from '@gleaner/protocol';
import { checkPublish, MAX_OPEN_ORDERS, type PublishFacts, type PublishIssue } from './domain/checkPublish.ts';
import type { OrderStatus } from './domain/orderStatus.ts';
import { assetOf, categoryOf, neededAssets, neededStake } from './domain/orderTerms.ts';
import { findMissingOffers } from './offers.ts';
import type { ChainFacts, OrderStore, PublishedOrder, SignedOffer } from './ports.ts';

export interface PublishDeps {
  readonly orders: OrderStore;
  readonly facts: ChainFacts;
  readonly domain: OrderDomain;
  readonly clock: Clock;
}

/**
 * Checks an order against chain and book, then enters it in one step: a crash before leaves nothing, after it everything.
 * @throws {GleanerError} the first issue of `checkPublish`
 */
export async function publish(deps: PublishDeps, offer: SignedOffer, caller: Address): Promise<PublishedOrder> {
  const orderHash = hashOrder(offer.kind, offer.order as never, deps.domain);
  const facts = await gatherFacts(deps, offer, orderHash, caller);
  // entering it tells what the book knows of the order and its signer, so that is asked only when something else speaks against it
  if (checkPublish({ ...facts, openOrders: 0 }).length > 0) {
    const [recorded, openOrders] = await Promise.all([deps.orders.find(orderHash), deps.orders.countOpen(offer.kind, caller)]);
    throw refusal(checkPublish({ ...facts, openOrders, ...(recorded && { recorded: recorded.status }) }));
  }
  const order: PublishedOrder = {
    orderHash,
    offer,
    signer: caller,
    status: 'open',
    remaining: offer.order.volume - facts.consumed,
    publishedAtMs: deps.clock.nowMs(),
  };
  const answer = await deps.orders.publish(order);
  if (answer === 'published') return order;
  const recorded = answer === 'already-published' ? await deps.orders.find(orderHash) : undefined;
  throw refusal(checkPublish({ ...facts, ...bookFacts(answer, recorded?.status) }));
}

/** What the book's answer says; an order that died since then was open. */
function bookFacts(
  answer: 'already-published' | 'too-many-open',
  status: OrderStatus = 'open',
): Pick<PublishFacts, 'recorded' | 'openOrders'> {
  return answer === 'too-many-open' ? { openOrders: MAX_OPEN_ORDERS } : { openOrders: 0, recorded: status === 'dead' ? 'open' : status };
}

/** All but what the book itself knows. */
async function gatherFacts(
  { orders, facts }: PublishDeps,
  offer: SignedOffer,
  orderHash: OrderHash,
  caller: Address,
): Promise<Omit<PublishFacts, 'recorded' | 'openOrders'>> {
  const [unregistered, signer, [consumed = 0n]] = await Promise.all([
    findUnregistered(facts, offer),
    signerOf(facts, offer),
    facts.consumedOf([orderHash]),
  ]);
  const category = categoryOf(offer);
  const [isSigned, [freeStake = 0n], missingOffers, hasCategory] = await Promise.all([
    signer !== undefined && facts.isSignedBy(signer, orderHash, offer.order.sign),
    neededStake(offer, offer.order.volume) > 0n ? facts.freeStakeOf([caller]) : [],
    offer.kind === 'request' ? findMissingOffers(orders, offer.order) : [],
    category === undefined || facts.hasCategory(category),
  ]);
  return {
    offer,
    caller,
    ...(signer === undefined ? {} : { signer }),
    unregistered,
    isSigned,
    consumed,
    freeStake,
    missingOffers,
    ...(category === undefined || hasCategory ? {} : { unknownCategory: category }),
  };
}

async function findUnregistered(facts: ChainFacts, offer: SignedOffer): Promise<Address[]> {
  const needed = neededAssets(offer);
  const registered = await Promise.all(needed.map(({ kind, address }) => facts.isRegistered(kind, address)));
  return needed.filter((_, index) => registered[index] === false).map(({ address }) => address);
}

/** Owner of the entry now, or the requester. */
export async function signerOf(facts: ChainFacts, offer: SignedOffer): Promise<Address | undefined> {
  const asset = assetOf(offer);
  if (asset !== undefined) return facts.ownerOf(asset.address);
  return offer.kind === 'request' ? offer.order.requester : undefined;
}

function refusal([issue]: readonly PublishIssue[]): GleanerError {
  invariant(issue, 'A refusal has a reason');
  return new GleanerError(issue.code, issue.message, { details: issue.details });
}
