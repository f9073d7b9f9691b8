import { randomUUID } from 'node:crypto';
import { type HttpServer, waitFor } from '@gleaner/api/server';
import { type Chain, createSender, readHub, topUpEscrow } from '@gleaner/chain';
import { LEDGER_CHANNEL } from '@gleaner/ledger';
import { type Address, toGleanerError } from '@gleaner/primitives';
import { createGleaner, type NetworkDescription } from '@gleaner/sdk';
import { createOutbox, findChain, type Store } from '@gleaner/store';
import type { Logger } from 'pino';
import type { LocalAccount } from 'viem';
import { createArchives } from './adapters/createArchives.ts';
import { createEnclaveApprover } from './adapters/createEnclaveApprover.ts';
import { createPoolChain } from './adapters/createPoolChain.ts';
import { createPoolFacts } from './adapters/createPoolFacts.ts';
import { createPoolRights } from './adapters/createPoolRights.ts';
import { authenticateWallet, registerWalletChallenge } from './http/authenticateWallet.ts';
import { registerPoolRoutes } from './http/registerPoolRoutes.ts';
import { registerReplicateRoutes } from './http/registerReplicateRoutes.ts';
import { registerTaskRoutes } from './http/registerTaskRoutes.ts';
import { registerWorkerRoutes } from './http/registerWorkerRoutes.ts';
import { Initializer } from './Initializer.ts';
import { Latecomers } from './Latecomers.ts';
import { driveTasks } from './loops/driveTasks.ts';
import { housekeep } from './loops/housekeep.ts';
import { type OfferTerms, publishOffers } from './loops/publishOffers.ts';
import { readmitDeals } from './loops/readmitDeals.ts';
import { takeUpDeals } from './loops/takeUpDeals.ts';
import { InFlight, type Pool, PoolSignals } from './pool.ts';
import type { PoolRights } from './ports.ts';
import { Scores } from './Scores.ts';
import { ServedPools } from './ServedPools.ts';

export interface SchedulerDeps {
  readonly network: NetworkDescription;
  readonly workerpool: Address;
  readonly chain: Chain;
  /** Owner of the workerpool, or agent of the operator that owns it. */
  readonly account: LocalAccount;
  /** Contract that owns the workerpool, when the account is its agent (`operatorFor`). */
  readonly operator?: Address | undefined;
  /** A ledger must fill the same database. */
  readonly store: Store;
  readonly log: Logger;
  readonly offers: OfferTerms;
  /** Free stake to hold in the escrow, in nRLC; taken from the owner's wallet at start. An operator's stake is put up by its owner. */
  readonly stakeNano: bigint;
  /** Secret service whose approval of an enclave counts; without one no task that needs an enclave is served. */
  readonly secretsUrl?: string | undefined;
  /** Whether enclaves that keep nothing secret are asked for. */
  readonly developmentEnclaves?: boolean | undefined;
  /** Whether it serves every pool that its key may sign for, unasked: the only scheduler of a development network. */
  readonly adoptsPools?: boolean | undefined;
  /** Where clients reach this server. */
  readonly publicUrl: () => string;
}

/** Adds the scheduler API to a server and drives the tasks of its pool, and of those it takes up meanwhile, until that server closes. */
export function registerScheduler(server: HttpServer, deps: SchedulerDeps): void {
  const { chain, account, operator, store, log, network, workerpool } = deps;
  const stop = server.closing;
  const sender = createSender({ chain, account, outbox: createOutbox(store.db) });
  const homeChain = createPoolChain(sender, operator);
  const rights = createPoolRights(sender);
  const pool: Pool = {
    workerpool,
    pools: new ServedPools({ home: workerpool, store, homeChain, rights, adopts: deps.adoptsPools === true }),
    store,
    chain: homeChain,
    archives: createArchives(network.services.ipfsGatewayURL),
    enclaves: createEnclaveApprover({
      secretsUrl: deps.secretsUrl,
      chainId: network.chainId,
      hub: readHub(chain),
      developmentEnclaves: deps.developmentEnclaves === true,
    }),
    clock: { nowMs: () => Date.now() },
    log,
    holder: randomUUID(),
    startedAtMs: Date.now(),
    inFlight: new InFlight(),
    latecomers: new Latecomers(),
    initializer: new Initializer(() => pool, stop),
    signals: new PoolSignals(),
    ledgerReached: (block, signal) => waitForLedger(store, block, AbortSignal.any([signal, stop])),
  };
  const scores = new Scores(pool.chain);
  registerWorkerRoutes(server, pool);
  registerReplicateRoutes(server, pool);
  registerClientRoutes(server, pool, { ...deps, rights, scores });
  server.healthChecks.set('scheduler', async () => {
    await Promise.all([findChain(store.db), chain.head()]);
  });
  const working = work(pool, scores, deps, sender, stop);
  server.addHook('onClose', async () => {
    await working;
    sender.close();
  });
}

/** What requesters and owners of pools call. */
function registerClientRoutes(
  server: HttpServer,
  pool: Pool,
  { network, account, publicUrl, rights, scores }: SchedulerDeps & { rights: PoolRights; scores: Scores },
): void {
  const { store } = pool;
  const chainId = BigInt(network.chainId);
  const facts = createPoolFacts(createGleaner({ network, account, signal: server.closing }));
  const authenticate = authenticateWallet({ store, facts, chainId });
  registerWalletChallenge(server, { store, facts, chainId });
  registerTaskRoutes(server, pool, { authenticate, chainId });
  registerPoolRoutes(server, pool, { scores, rights, facts, authenticate, chainId, publicUrl });
}

async function work(
  pool: Pool,
  scores: Scores,
  deps: SchedulerDeps,
  sender: ReturnType<typeof createSender>,
  stop: AbortSignal,
): Promise<void> {
  const gleaner = createGleaner({
    network: deps.network,
    account: deps.account,
    ...(deps.operator && { operator: deps.operator }),
    signal: stop,
  });
  const ledgerChange = await listenToLedger(pool);
  await prepare(pool, sender, deps, stop);
  await Promise.all([
    takeUpDeals(pool, ledgerChange.subscribe, stop),
    readmitDeals(pool, stop),
    driveTasks(pool, scores, stop),
    publishOffers(pool, gleaner, { ...deps.offers, enclaves: deps.developmentEnclaves === true }, stop),
    housekeep(pool, stop),
  ]);
  await ledgerChange.close();
}

/** Takes up transactions of an earlier life and puts up the stake; what cannot be done now is tried again. */
async function prepare(pool: Pool, sender: ReturnType<typeof createSender>, deps: SchedulerDeps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await sender.resume();
      const free = await putUpStake(sender, deps, stop);
      pool.log.info({ workerpool: pool.workerpool, owner: pool.chain.owner, freeStake: free.toString() }, 'scheduler.started');
      return;
    } catch (error) {
      const { code, message } = toGleanerError(error);
      pool.log.warn({ code, message }, 'scheduler.not-ready');
      await waitFor(stop, 1_000);
    }
  }
}

/** @returns free stake, in nRLC */
async function putUpStake(
  sender: ReturnType<typeof createSender>,
  { operator, stakeNano }: SchedulerDeps,
  signal: AbortSignal,
): Promise<bigint> {
  if (operator === undefined) return await topUpEscrow(sender, { target: stakeNano }, { signal });
  return (await readHub(sender.chain).viewAccount(operator)).stake;
}

async function listenToLedger({ store }: Pool) {
  const listeners = new Set<() => void>();
  const close = await store.listen(LEDGER_CHANNEL, () => {
    for (const listener of listeners) listener();
  });
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { subscribe, close };
}

async function waitForLedger(store: Store, block: bigint, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const chain = await findChain(store.db);
    if (chain !== undefined && chain.headNumber >= block) return;
    await waitFor(signal, 50);
  }
}
