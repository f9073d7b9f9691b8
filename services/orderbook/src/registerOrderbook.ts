import { randomBytes } from 'node:crypto';
import type { HttpServer } from '@gleaner/api/server';
import type { Chain } from '@gleaner/chain';
import type { Address, Clock, Random } from '@gleaner/primitives';
import { orderDomain } from '@gleaner/protocol';
import type { Store } from '@gleaner/store';
import type { Logger } from 'pino';
import { createChainFacts } from './adapters/chainFacts.ts';
import { createChallengeStore } from './adapters/challengeStore.ts';
import { createLedgerFacts } from './adapters/ledgerFacts.ts';
import { createOrderStore } from './adapters/orderStore.ts';
import { watchOrders } from './loops/watchOrders.ts';
import { registerChainRoutes } from './routes/chainRoutes.ts';
import { registerChallengeRoutes } from './routes/challengeRoutes.ts';
import type { MarketDeps } from './routes/marketDeps.ts';
import { registerOrderRoutes } from './routes/orderRoutes.ts';

const VERSION = '0.1.0';

export interface OrderbookDeps {
  readonly chain: Chain;
  readonly chainId: number;
  readonly store: Store;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Between two looks of the watcher when the ledger is silent; 2 s by default. */
  readonly pollMs?: number;
}

/** Adds the market API to a server and keeps the book true to the chain until that server closes. A ledger must fill the same database. */
export function registerOrderbook(server: HttpServer, deps: OrderbookDeps): void {
  const { chain, chainId, store, log } = deps;
  const orders = createOrderStore(store.db);
  const atHead = createChainFacts(chain);
  const hasCode = async (address: Address) => (await chain.attempt((rpc) => rpc.getCode({ address }), 'code')) !== undefined;
  const facts = createLedgerFacts({ store, chain: atHead, hasCode, headHash: async () => (await chain.head()).hash });
  const market: MarketDeps = {
    chainId,
    log,
    orders,
    facts,
    challenges: createChallengeStore(store.db, `market/${chainId}`),
    db: store.db,
    domain: orderDomain({ chainId, hubAddress: chain.hubAddress }),
    clock: deps.clock ?? { nowMs: () => Date.now() },
    random: deps.random ?? { bytes: (length) => new Uint8Array(randomBytes(length)) },
    version: VERSION,
  };
  registerChallengeRoutes(server, market);
  registerChainRoutes(server, market);
  registerOrderRoutes(server, market);
  server.healthChecks.set('orderbook', async () => {
    await Promise.all([orders.countOpen('app'), chain.head()]);
  });
  const watching = watchOrders({
    store,
    orders,
    facts: atHead,
    hasCode,
    log,
    signal: server.closing,
    ...(deps.pollMs === undefined ? {} : { pollMs: deps.pollMs }),
  });
  server.addHook('onClose', () => watching);
}
