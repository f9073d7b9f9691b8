import { createServer, listen } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { openStore, type Store, type StoreOptions } from '@gleaner/store';
import { type Logger, pino } from 'pino';
import type { Registry } from 'prom-client';
import { openMasterKey } from './openMasterKey.ts';
import { type EnclaveOptions, registerSecrets } from './registerSecrets.ts';

export interface SecretsConfig {
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  /** Refuses another chain when given. */
  readonly chainId?: number;
  /** Shared with other services of this process (left open), or opened and closed here. */
  readonly store: Store | StoreOptions;
  /** 32 bytes, mode 0600; made when the database is new. */
  readonly keyFile: string;
  readonly enclaves?: EnclaveOptions;
  /** Secrets that one account may have of each kind; 1000 unless told. */
  readonly perOwner?: number;
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** Requests per address and minute; no limit when absent. */
  readonly requestsPerMinute?: number;
  readonly metrics?: { readonly registry: Registry; readonly port: number };
  readonly log?: Logger;
}

/**
 * The secret service as a service of its own.
 * @throws {GleanerError} chain-unreachable, chain-replaced, database-unreachable, key-not-found, key-invalid, enclave-not-allowed, port-taken
 */
export async function startSecrets(config: SecretsConfig): Promise<{ url: string; close(): Promise<void> }> {
  const { rpcUrl, hubAddress, log = pino({ level: 'silent' }) } = config;
  const chain = createChain({ rpcUrl, hubAddress });
  const { chainId } = await chain.identify(config.chainId === undefined ? {} : { chainId: config.chainId });
  const shared = 'db' in config.store;
  const store = 'db' in config.store ? config.store : await openStore(config.store);
  try {
    const keys = await openMasterKey(store, config.keyFile);
    const server = await createServer({
      name: 'secrets',
      log,
      corsMethods: ['GET', 'HEAD', 'POST', 'PUT'],
      ...(config.host === undefined ? {} : { host: config.host }),
      ...(config.port === undefined ? {} : { port: config.port }),
      ...(config.requestsPerMinute === undefined ? {} : { rateLimit: { max: config.requestsPerMinute, windowMs: 60_000 } }),
      ...(config.metrics === undefined ? {} : { metrics: config.metrics }),
    });
    if (!shared) server.addHook('onClose', () => store.close());
    const { enclaves, perOwner } = config;
    const options = { ...(enclaves && { enclaves }), ...(perOwner && { perOwner }) };
    await registerSecrets(server, { chain, chainId, store, keys, log, ...options });
    const url = await listen(server).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    return { url, close: () => server.close() };
  } catch (error) {
    if (!shared) await store.close();
    throw error;
  }
}
