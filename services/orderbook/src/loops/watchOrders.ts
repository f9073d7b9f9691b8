import { waitFor } from '@gleaner/api/server';
import { LEDGER_CHANNEL } from '@gleaner/ledger';
import { type Address, isGleanerError, type OrderHash, toGleanerError } from '@gleaner/primitives';
import { findChain, listConsumption, type Store, withLease } from '@gleaner/store';
import type { Logger } from 'pino';
import {
  listContractSigned,
  listDisowned,
  listMiscounted,
  listOpenSigners,
  listStaked,
  listUnoffered,
  readHorizon,
  type Since,
  type Suspect,
} from '../adapters/suspects.ts';
import { type OrderFacts, orderStatus } from '../domain/orderStatus.ts';
import { findMissingOffers } from '../offers.ts';
import type { ChainFacts, OrderStore, PublishedOrder } from '../ports.ts';
import { signerOf } from '../publish.ts';

export interface WatchDeps {
  readonly store: Store;
  readonly orders: OrderStore;
  readonly facts: ChainFacts;
  /** Whether there is code at an address, at the head of the chain. */
  readonly hasCode: (account: Address) => Promise<boolean>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Between two looks when nothing wakes the loop; 2 s by default. */
  readonly pollMs?: number;
  /** Between two looks at the whole book; 2 min by default. */
  readonly fullEveryMs?: number;
  /** Between two looks at what contracts signed, who may change their mind in no way that the ledger shows; 15 s by default. */
  readonly contractsEveryMs?: number;
}

const LEASE = { name: 'orderbook-watcher', ttlMs: 10_000 } as const;
/** Blocks looked at again, for records written while their block was read. */
const OVERLAP = 10n;
const BATCH = 200;

/** Where the last look ended. */
interface Cursor {
  readonly block: bigint;
  readonly horizon: string;
  readonly rewinds: bigint;
  readonly fullAtMs: number;
  readonly contractsAtMs: number;
}

/**
 * Keeps the book true to the chain, one process at a time: the ledger tells which records are suspect, the head of the chain and the book decide.
 * Ends when the signal aborts. Safe to stop at any line: every look starts from the records as they are.
 */
export async function watchOrders(deps: WatchDeps): Promise<void> {
  const { store, signal, log } = deps;
  while (!signal.aborted) {
    await withLease(store.db, { ...LEASE, signal }, (lease) => follow({ ...deps, signal: lease.signal })).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: toGleanerError(error) }, 'orderbook.watcher.interrupted');
    });
    await waitFor(signal, 500);
  }
}

async function follow(deps: WatchDeps): Promise<void> {
  const { store, signal, log, pollMs = 2000 } = deps;
  let wake: (() => void) | undefined;
  let isStale = false;
  const unlisten = await store.listen(LEDGER_CHANNEL, () => {
    isStale = true;
    wake?.();
  });
  try {
    let cursor: Cursor | undefined;
    while (!signal.aborted) {
      isStale = false;
      try {
        cursor = await look(deps, cursor);
      } catch (error) {
        if (!isGleanerError(error) || !error.retryable) throw error;
        log.warn({ err: error }, 'orderbook.watcher.delayed');
      }
      if (isStale) continue;
      await waitFor(signal, pollMs, (listener) => {
        wake = listener;
        return () => {
          wake = undefined;
        };
      });
    }
  } finally {
    await unlisten();
  }
}

/** Judges what the blocks since the last look may have changed; everything at the start, after a reorganisation, and every few minutes. */
async function look(deps: WatchDeps, cursor: Cursor | undefined): Promise<Cursor | undefined> {
  const { store, fullEveryMs = 120_000, contractsEveryMs = 15_000 } = deps;
  const chain = await findChain(store.db);
  if (chain === undefined) return undefined;
  const horizon = await readHorizon(store.db);
  const nowMs = performance.now();
  const isFull = cursor === undefined || cursor.rewinds !== chain.rewinds || nowMs - cursor.fullAtMs >= fullEveryMs;
  const withContracts = isFull || nowMs - cursor.contractsAtMs >= contractsEveryMs;
  await reviewOrders(deps, isFull ? 'all' : { block: cursor.block - OVERLAP, horizon: cursor.horizon }, withContracts);
  return {
    block: chain.headNumber,
    horizon,
    rewinds: chain.rewinds,
    fullAtMs: isFull ? nowMs : cursor.fullAtMs,
    contractsAtMs: withContracts ? nowMs : cursor.contractsAtMs,
  };
}

/**
 * One look: judges all suspects, offers before the requests that need them, then the requests whose offers are gone.
 * @returns how many records changed
 */
async function reviewOrders(deps: Omit<WatchDeps, 'signal'>, since: Since, withContracts: boolean): Promise<number> {
  const { db } = deps.store;
  const found = await Promise.all([
    listMiscounted(db, since),
    listDisowned(db, since),
    listUnderstaked(deps, since),
    withContracts ? listSignedByContracts(deps) : [],
  ]);
  const suspects = [...new Map(found.flat().map((suspect) => [suspect.orderHash, suspect])).values()];
  const offers = suspects.filter(({ kind }) => kind !== 'request');
  const requests = suspects.filter(({ kind }) => kind === 'request');
  const changed = (await judgeAll(deps, offers)) + (await judgeAll(deps, requests));
  return changed + (await judgeAll(deps, await listUnoffered(db, since)));
}

async function listUnderstaked({ store, facts }: Omit<WatchDeps, 'signal'>, since: Since): Promise<Suspect[]> {
  const staked = await listStaked(store.db, since);
  const signers = [...new Set(staked.map(({ signer }) => signer))];
  const stakes = await facts.freeStakeOf(signers);
  const stakeOf = new Map(signers.map((signer, index) => [signer, stakes[index] ?? 0n]));
  return staked.filter(({ signer, need }) => need > (stakeOf.get(signer) ?? 0n));
}

async function listSignedByContracts({ store, hasCode }: Omit<WatchDeps, 'signal'>): Promise<Suspect[]> {
  const signers = await listOpenSigners(store.db);
  const contracts: Address[] = [];
  for (let start = 0; start < signers.length; start += BATCH) {
    const asked = signers.slice(start, start + BATCH);
    const answers = await Promise.all(asked.map(hasCode));
    contracts.push(...asked.filter((_, index) => answers[index]));
  }
  return listContractSigned(store.db, contracts);
}

async function judgeAll(deps: Omit<WatchDeps, 'signal'>, suspects: readonly Suspect[]): Promise<number> {
  let changed = 0;
  for (let start = 0; start < suspects.length; start += BATCH) {
    const judged = await Promise.all(suspects.slice(start, start + BATCH).map(({ orderHash }) => judge(deps, orderHash)));
    changed += judged.filter(Boolean).length;
  }
  return changed;
}

async function judge(deps: Omit<WatchDeps, 'signal'>, orderHash: OrderHash): Promise<boolean> {
  const seen = await deps.orders.find(orderHash);
  if (seen === undefined) return false;
  const verdict = orderStatus(seen, await gatherFacts(deps, seen));
  const changed = await deps.orders.settle(seen, verdict);
  if (changed)
    deps.log.info(
      { orderHash, kind: seen.offer.kind, from: seen.status, to: verdict.status, remaining: verdict.remaining.toString() },
      'order.changed',
    );
  return changed;
}

async function gatherFacts(
  { store, orders, facts }: Omit<WatchDeps, 'signal'>,
  { orderHash, offer, signer }: PublishedOrder,
): Promise<OrderFacts> {
  const [[consumed = 0n], [consumption], owner, isSigned, [freeStake = 0n], missing] = await Promise.all([
    facts.consumedOf([orderHash]),
    listConsumption(store.db, [orderHash]),
    signerOf(facts, offer),
    facts.isSignedBy(signer, orderHash, offer.order.sign),
    facts.freeStakeOf([signer]),
    offer.kind === 'request' ? findMissingOffers(orders, offer.order) : [],
  ]);
  // the ledger tells a closing from a deal, the chain whether it still stands
  const closed = consumption?.closed === true && consumed >= offer.order.volume;
  return { consumed, closed, ...(owner === undefined ? {} : { owner }), isSigned, freeStake, isOffered: missing.length === 0 };
}
