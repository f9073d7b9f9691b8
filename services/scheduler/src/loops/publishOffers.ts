import { listOrders, type OrderRecordOf } from '@gleaner/api';
import { waitFor } from '@gleaner/api/server';
import { findOperator } from '@gleaner/chain';
import { GleanerError, isGleanerError, toGleanerError } from '@gleaner/primitives';
import { formatTag, poolStake } from '@gleaner/protocol';
import { createWorkerpoolOrder, type Gleaner, publishOrder, signOrder, withdrawOrder } from '@gleaner/sdk';
import type { Pool } from '../pool.ts';

export interface OfferTerms {
  /** nRLC per task. */
  readonly price: bigint;
  /** Highest trust the pool serves. */
  readonly trust: bigint;
  /** Whether tasks that need an enclave are served too: then the offers carry the bits that stock clients ask for. */
  readonly enclaves?: boolean;
  /** Tasks one order offers at most; less when the owner's stake covers less. */
  readonly volume: bigint;
}

const CHECK_MS = 15_000;
const RETRY_MS = 1_000;
/** A new order is published when less than this share of the volume is left. */
const LOW = 4n;
/** Share of the owner's free stake that one category's offer may count on. */
const STAKE_SHARE = 16n;

/** Keeps one open offer per category in the book, with as much volume as the owner's free stake covers. */
export async function publishOffers(pool: Pool, gleaner: Gleaner, terms: OfferTerms, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pauseMs = CHECK_MS;
    try {
      await assertFloor(gleaner, terms);
      const categories = await gleaner.hub.countCategory();
      for (let category = 0n; category < categories; category += 1n) await offer(pool, gleaner, terms, category);
    } catch (error) {
      const { code, message } = toGleanerError(error);
      if (!signal.aborted) pool.log.warn({ code, message }, 'offer.not-published');
      pauseMs = RETRY_MS;
    }
    await waitFor(signal, pauseMs);
  }
}

async function offer(pool: Pool, gleaner: Gleaner, terms: OfferTerms, category: bigint): Promise<void> {
  if ((await openVolume(pool, gleaner, category, terms)) >= terms.volume / LOW) return;
  const volume = await coveredVolume(pool, gleaner, terms);
  if (volume === 0n) return pool.log.warn({ category: category.toString(), owner: pool.chain.owner }, 'offer.no-stake');
  const { price, trust } = terms;
  const order = createWorkerpoolOrder({ workerpool: pool.workerpool, category, trust, volume, price, tag: tagOf(terms) });
  const { orderHash } = await publishOrder(gleaner, 'workerpool', await signOrder(gleaner, 'workerpool', order));
  pool.log.info({ orderHash, category: category.toString(), volume: volume.toString() }, 'offer.published');
}

/** @throws {GleanerError} bad-request when the pool's operator lets its agent offer at a higher price only */
async function assertFloor(gleaner: Gleaner, { price }: OfferTerms): Promise<void> {
  if (gleaner.operator === undefined) return;
  const { priceFloor = 0n } = (await findOperator(gleaner.chain, gleaner.operator)) ?? {};
  if (price >= priceFloor) return;
  throw new GleanerError('bad-request', `The price of ${price} nRLC is below the floor of ${priceFloor} nRLC that the pool's owner set`, {
    details: { price, priceFloor, operator: gleaner.operator },
  });
}

const tagOf = ({ enclaves }: OfferTerms) => formatTag(enclaves === true ? ['tee', 'tdx'] : []);

async function openVolume(pool: Pool, gleaner: Gleaner, category: bigint, terms: OfferTerms): Promise<bigint> {
  const query = { chainId: gleaner.network.chainId, workerpool: pool.workerpool, category, minTag: tagOf(terms) };
  const { orders } = await gleaner.market.call(listOrders.workerpool, { query });
  const valid = gleaner.operator === undefined ? orders : await withdrawVoid(pool, gleaner, orders);
  return valid.reduce((largest, { remaining }) => (remaining > largest ? remaining : largest), 0n);
}

/** Offers that a former agent signed, or that a raised floor made void, leave the book; the others are given. */
async function withdrawVoid(pool: Pool, gleaner: Gleaner, orders: readonly OrderRecordOf<'workerpool'>[]) {
  const isValid = await Promise.all(orders.map(({ orderHash, order }) => gleaner.hub.isSignedBy(pool.chain.owner, orderHash, order.sign)));
  for (const [at, { orderHash }] of orders.entries()) {
    if (isValid[at]) continue;
    await withdrawOrder(gleaner, 'workerpool', orderHash).catch(unlessGone);
    pool.log.info({ orderHash }, 'offer.withdrawn');
  }
  return orders.filter((_, at) => isValid[at]);
}

/** The book withdraws void offers too. */
function unlessGone(error: unknown): void {
  if (!isGleanerError(error) || error.code !== 'order-not-found') throw error;
}

async function coveredVolume(pool: Pool, gleaner: Gleaner, { price, volume }: OfferTerms): Promise<bigint> {
  const stake = poolStake(price);
  if (stake === 0n) return volume;
  const { stake: free } = await gleaner.hub.viewAccount(pool.chain.owner);
  const covered = free / STAKE_SHARE / stake;
  return covered < volume ? covered : volume;
}
