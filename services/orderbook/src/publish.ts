import { type Address, type Clock, GleanerError, type OrderHash } from '@gleaner/primitives';
import { hashOrder, type OrderDomain } from '@gleaner/protocol';
import { checkPublish, MAX_OPEN_ORDERS, type PublishFacts, type PublishIssue } from './domain/checkPublish.ts';
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
  const [issue] = checkPublish(facts);
  if (issue !== undefined) throw refusal(issue);
  const order: PublishedOrder = {
    orderHash,
    offer,
    signer: caller,
    status: 'open',
    remaining: offer.order.volume - facts.consumed,
    publishedAtMs: deps.clock.nowMs(),
  };
  const answer = await deps.orders.publish(order, MAX_OPEN_ORDERS);
  if (answer === 'published') return order;
  // somebody published at the same time: the same checks on the facts that he left
  const late = checkPublish(answer === 'already-published' ? { ...facts, recorded: 'open' } : { ...facts, openOrders: MAX_OPEN_ORDERS });
  throw refusal(late[0] as PublishIssue);
}

async function gatherFacts(
  { orders, facts }: PublishDeps,
  offer: SignedOffer,
  orderHash: OrderHash,
  caller: Address,
): Promise<PublishFacts> {
  const [recorded, unregistered, signer, [consumed = 0n]] = await Promise.all([
    orders.find(orderHash),
    findUnregistered(facts, offer),
    signerOf(facts, offer),
    facts.consumedOf([orderHash]),
  ]);
  const category = categoryOf(offer);
  const [isSigned, openOrders, [freeStake = 0n], missingOffers, hasCategory] = await Promise.all([
    signer !== undefined && facts.isSignedBy(signer, orderHash, offer.order.sign),
    orders.countOpen(offer.kind, caller),
    neededStake(offer, offer.order.volume) > 0n ? facts.freeStakeOf([caller]) : [],
    offer.kind === 'request' ? findMissingOffers(orders, offer.order) : [],
    category === undefined || facts.hasCategory(category),
  ]);
  return {
    offer,
    caller,
    ...(recorded === undefined ? {} : { recorded: recorded.status }),
    ...(signer === undefined ? {} : { signer }),
    unregistered,
    isSigned,
    openOrders,
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

function refusal({ code, message, details }: PublishIssue): GleanerError {
  return new GleanerError(code, message, { details });
}
