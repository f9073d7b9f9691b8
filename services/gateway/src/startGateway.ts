import { createServer, listen } from '@gleaner/api/server';
import { createChain } from '@gleaner/chain';
import type { Address } from '@gleaner/primitives';
import { type Logger, pino } from 'pino';
import type { Registry } from 'prom-client';
import { createResultRights } from './adapters/createResultRights.ts';
import { openContent } from './adapters/openContent.ts';
import type { ContentPlace } from './adapters/readContentPlace.ts';
import { DEFAULT_LIMITS, type GatewayLimits, registerGateway } from './registerGateway.ts';

export interface GatewayConfig {
  /** Folder of the gateway: `content/` and `results/` in it, unless they lie in a bucket. Other processes may use it too. */
  readonly dataDir: string;
  /** Where content and the index of results lie, and how much they may take; default `dataDir`, without a limit. */
  readonly place?: ContentPlace;
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  /** Refuses another chain when given. */
  readonly chainId?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 (default) = any free port. */
  readonly port?: number;
  readonly limits?: Partial<GatewayLimits>;
  readonly allowedOrigins?: readonly string[];
  readonly collectEveryMs?: number;
  /** Requests per address and minute; no limit when absent. */
  readonly requestsPerMinute?: number;
  readonly metrics?: { readonly registry: Registry; readonly port: number };
  readonly log?: Logger;
}

/** A worker that waits with an archive is better told soon that the chain is away. */
const CHAIN_TIMEOUT_MS = 3_000;

/**
 * The content gateway as a service of its own.
 * @throws {GleanerError} chain-unreachable, chain-replaced, port-taken, disk-full, data-unreadable; for a bucket storage-unreachable,
 * storage-refused
 */
export async function startGateway(config: GatewayConfig): Promise<{ url: string; close(): Promise<void> }> {
  const { rpcUrl, hubAddress, dataDir, log = pino({ level: 'silent' }) } = config;
  const chain = createChain({ rpcUrl, hubAddress, timeoutMs: CHAIN_TIMEOUT_MS, retries: 1 });
  await chain.identify(config.chainId === undefined ? {} : { chainId: config.chainId });
  const { content, index } = await openContent(dataDir, config.place);
  const uploadTimeoutMs = config.limits?.uploadTimeoutMs ?? DEFAULT_LIMITS.uploadTimeoutMs;
  const server = await createServer({
    name: 'gateway',
    log,
    limits: { requestTimeoutMs: uploadTimeoutMs },
    ...(config.host === undefined ? {} : { host: config.host }),
    ...(config.port === undefined ? {} : { port: config.port }),
    ...(config.requestsPerMinute === undefined ? {} : { rateLimit: { max: config.requestsPerMinute, windowMs: 60_000 } }),
    ...(config.metrics === undefined ? {} : { metrics: config.metrics }),
  });
  registerGateway(server, {
    content,
    rights: createResultRights(chain),
    index,
    log,
    ...(config.limits === undefined ? {} : { limits: config.limits }),
    ...(config.allowedOrigins === undefined ? {} : { allowedOrigins: config.allowedOrigins }),
    ...(config.collectEveryMs === undefined ? {} : { collectEveryMs: config.collectEveryMs }),
  });
  const url = await listen(server).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  return { url, close: () => server.close() };
}
