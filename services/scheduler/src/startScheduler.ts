import { createServer, listen } from '@gleaner/api/server';
import { createChain, operatorFor } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import type { NetworkDescription } from '@gleaner/sdk';
import { openStore } from '@gleaner/store';
import type { Logger } from 'pino';
import type { LocalAccount } from 'viem';
import type { OfferTerms } from './loops/publishOffers.ts';
import { registerScheduler } from './registerScheduler.ts';

export interface SchedulerOptions {
  readonly network: NetworkDescription & { readonly workerpool: Address };
  /** Owner of the workerpool, or agent of the operator that owns it. */
  readonly account: LocalAccount;
  readonly databaseUrl: string;
  readonly offers: OfferTerms;
  readonly stakeNano: bigint;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly publicUrl?: string | undefined;
  readonly secretsUrl?: string | undefined;
  readonly developmentEnclaves?: boolean | undefined;
  readonly adoptsPools?: boolean | undefined;
  readonly log: Logger;
}

/**
 * The scheduler as a process of its own. A ledger must fill the same database, in this process or another.
 * @throws {GleanerError} forbidden when the account may not run the workerpool, resource-not-deployed, chain-unreachable, chain-replaced, database-unreachable, port-taken
 */
export async function startScheduler(options: SchedulerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { network, account, offers, stakeNano, host, port, log } = options;
  const chain = createChain({ rpcUrl: network.rpcUrl, hubAddress: network.hubAddress });
  await chain.identify({ chainId: network.chainId });
  const operator = await operatorFor(chain, account.address, network.workerpool);
  const store = await openStore({ url: options.databaseUrl });
  const server = await createServer({ name: 'scheduler', host, port, log, corsMethods: ['GET', 'HEAD', 'POST'] });
  let url = options.publicUrl;
  server.addHook('onClose', () => store.close());
  registerScheduler(server, {
    network,
    workerpool: network.workerpool,
    chain,
    account,
    operator,
    store,
    log,
    offers,
    stakeNano,
    secretsUrl: options.secretsUrl,
    developmentEnclaves: options.developmentEnclaves,
    adoptsPools: options.adoptsPools,
    publicUrl: () => url ?? '',
  });
  const listening = await listen(server).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  url ??= listening;
  return { url: listening, close: () => server.close() };
}
