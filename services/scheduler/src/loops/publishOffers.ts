import { listOrders } from '@gleaner/api';
import { waitFor } from '@gleaner/api/server';
import { type Address, toGleanerError } from '@gleaner/primitives';
import { poolStake } from '@gleaner/protocol';
import { createWorkerpoolOrder, type Gleaner, publishOrder, signOrder } from '@gleaner/sdk';
import type { Pool } from '../pool.ts';

export interface OfferTerms {
  /** nRLC per task. */
  readonly price: bigint;
  /** Highest trust the pool serves. */
  readonly trust: bigint;
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
  if ((await openVolume(gleaner, pool.workerpool, category)) >= terms.volume / LOW) return;
  const volume = await coveredVolume(gleaner, terms);
  if (volume === 0n) return pool.log.warn({ category: category.toString(), owner: gleaner.signer().address }, 'offer.no-stake');
  const order = createWorkerpoolOrder({ workerpool: pool.workerpool, category, trust: terms.trust, volume, price: terms.price });
  const { orderHash } = await publishOrder(gleaner, 'workerpool', await signOrder(gleaner, 'workerpool', order));
  pool.log.info({ orderHash, category: category.toString(), volume: volume.toString() }, 'offer.published');
}

async function openVolume(gleaner: Gleaner, workerpool: Address, category: bigint): Promise<bigint> {
  const query = { chainId: gleaner.network.chainId, workerpool, category };
  const { orders } = await gleaner.market.call(listOrders.workerpool, { query });
  return orders.reduce((largest, { remaining }) => (remaining > largest ? remaining : largest), 0n);
}

async function coveredVolume(gleaner: Gleaner, { price, volume }: OfferTerms): Promise<bigint> {
  const stake = poolStake(price);
  if (stake === 0n) return volume;
  const { stake: free } = await gleaner.hub.viewAccount(gleaner.signer().address);
  const covered = free / STAKE_SHARE / stake;
  return covered < volume ? covered : volume;
}
