import { startMetrics, waitFor } from '@gleaner/api/server';
import { createChain, createSender } from '@gleaner/chain';
import { startLedger } from '@gleaner/ledger';
import { type Address, toGleanerError } from '@gleaner/primitives';
import { createOutbox, openStore, type Store, type StoreOptions, withLease } from '@gleaner/store';
import { type Logger, pino } from 'pino';
import type { LocalAccount } from 'viem';
import { createClaimChain } from './adapters/claimChain.ts';
import { createOverdueSource } from './adapters/overdueSource.ts';
import { type ClaimDeps, claimOverdue, Refusals } from './loops/claimOverdue.ts';
import { createMetrics, type KeeperMetrics } from './metrics.ts';

export interface KeeperConfig {
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  readonly chainId?: number;
  /** Shared with other services of this process (left open), or opened and closed here. A ledger must fill it. */
  readonly store: Store | StoreOptions;
  /** Follows the chain too, for a process on its own; of all ledgers on one database one works. False by default: somebody else fills the store. */
  readonly withLedger?: boolean;
  /** Pays the gas; no other process may send from it. */
  readonly account: LocalAccount;
  /** Between two rounds; 1 s by default. */
  readonly pollMs?: number;
  readonly batchSize?: number;
  /** Serves metrics on this loopback port; 0 = any free one. */
  readonly metricsPort?: number;
  readonly log?: Logger;
}

export interface Keeper {
  readonly metricsUrl?: string;
  close(): Promise<void>;
}

const LEASE_TTL_MS = 10_000;
const MAX_BACKOFF_MS = 60_000;

/**
 * Refunds every task that timed out, whoever runs its pool. Of all keepers on one database one works at a time.
 * @throws {GleanerError} chain-unreachable, chain-replaced, database-unreachable, port-taken
 */
export async function startKeeper(config: KeeperConfig): Promise<Keeper> {
  const { rpcUrl, hubAddress, log = pino({ level: 'silent' }) } = config;
  const stop = new AbortController();
  const chain = createChain({ rpcUrl, hubAddress });
  await chain.identify(config.chainId === undefined ? {} : { chainId: config.chainId });
  const metrics = createMetrics();
  const server =
    config.metricsPort === undefined ? undefined : await startMetrics({ registry: metrics.registry, port: config.metricsPort });
  const store = await open(config.store).catch(async (error: unknown) => {
    await server?.close();
    throw error;
  });
  const ledger = config.withLedger ? startLedger({ chain, store, log }) : undefined;
  const running = keep({ ...config, chain, db: store.db, log, metrics, signal: stop.signal });
  return {
    ...(server === undefined ? {} : { metricsUrl: server.url }),
    close: async () => {
      stop.abort();
      await running;
      await ledger?.close();
      await server?.close();
      if (!('db' in config.store)) await store.close();
    },
  };
}

const open = async (store: KeeperConfig['store']): Promise<Store> => ('db' in store ? store : openStore(store));

interface KeepDeps extends Pick<KeeperConfig, 'account' | 'pollMs' | 'batchSize'> {
  readonly chain: ReturnType<typeof createChain>;
  readonly db: Store['db'];
  readonly log: Logger;
  readonly metrics: KeeperMetrics;
  readonly signal: AbortSignal;
}

/** Waits for the lease, works while it is held, and starts over when it is lost. */
async function keep(deps: KeepDeps): Promise<void> {
  const { db, log, signal } = deps;
  const name = `keeper/${deps.chain.hubAddress.toLowerCase()}`;
  while (!signal.aborted) {
    await withLease(db, { name, ttlMs: LEASE_TTL_MS, signal }, (lease) => lead(deps, lease.signal)).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: toGleanerError(error) }, 'keeper.interrupted');
    });
    await waitFor(signal, 500);
  }
}

/** The sender lives as long as the lease: only the leader gives out nonces. */
async function lead({ chain, account, db, log, metrics, pollMs = 1000, batchSize }: KeepDeps, signal: AbortSignal): Promise<void> {
  const outbox = createOutbox(db);
  const sender = createSender({ chain, account, outbox });
  const claims: ClaimDeps = {
    source: createOverdueSource(db),
    chain: createClaimChain({ chain, sender, outbox, signal }),
    log,
    metrics,
    ...(batchSize === undefined ? {} : { batchSize }),
  };
  const refusals = new Refusals();
  let waitMs = pollMs;
  log.info({ keeper: account.address }, 'keeper.leading');
  try {
    while (!signal.aborted) {
      waitMs = (await round(claims, refusals, sender)) ? pollMs : Math.min(waitMs * 2, MAX_BACKOFF_MS);
      await waitFor(signal, waitMs);
    }
  } finally {
    sender.close();
  }
}

/** @returns false when the round failed and the next should wait longer */
async function round(deps: ClaimDeps, refusals: Refusals, sender: { resume(): Promise<void> }): Promise<boolean> {
  try {
    await sender.resume();
    await claimOverdue(deps, refusals);
    return true;
  } catch (error) {
    const failure = toGleanerError(error);
    if (failure.code !== 'aborted') {
      deps.metrics.failedRounds.inc();
      deps.log.warn({ err: failure, code: failure.code }, 'keeper.round.failed');
    }
    return false;
  }
}
