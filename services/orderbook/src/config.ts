import { readFileSync } from 'node:fs';
import { type Address, GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';

/** What a service needs of network.json. */
const network = z.object({ chainId: z.number().int().positive(), rpcUrl: z.url(), hubAddress: addressField });

const environment = z.object({
  GLEANER_NETWORK: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  GLEANER_HOST: z.string().default('127.0.0.1'),
  GLEANER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Requests per address and minute; 0 = no limit. */
  GLEANER_RATE_LIMIT: z.coerce.number().int().min(0).optional(),
  GLEANER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  GLEANER_LOG_LEVEL: z.string().default('info'),
});

export interface ProcessConfig {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** 100 on a public address, none on loopback, unless said otherwise. */
  readonly requestsPerMinute?: number;
  readonly metricsPort?: number;
  readonly logLevel: string;
}

/**
 * Configuration of an order book process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv): ProcessConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw wrong(parsed.error);
  const { DATABASE_URL, GLEANER_HOST, GLEANER_PORT, GLEANER_RATE_LIMIT, GLEANER_METRICS_PORT, GLEANER_LOG_LEVEL } = parsed.data;
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(GLEANER_HOST);
  const limit = GLEANER_RATE_LIMIT ?? (isLoopback ? 0 : 100);
  return {
    ...readNetwork(parsed.data.GLEANER_NETWORK),
    databaseUrl: DATABASE_URL,
    host: GLEANER_HOST,
    port: GLEANER_PORT,
    logLevel: GLEANER_LOG_LEVEL,
    ...(limit === 0 ? {} : { requestsPerMinute: limit }),
    ...(GLEANER_METRICS_PORT === undefined ? {} : { metricsPort: GLEANER_METRICS_PORT }),
  };
}

function readNetwork(path: string): z.output<typeof network> {
  try {
    return network.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new GleanerError('data-unreadable', `${path} is not the description of a network`, { details: { path }, cause: error });
  }
}

function wrong(error: z.ZodError): GleanerError {
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? 'environment';
  return new GleanerError('bad-request', `${field}: ${issue?.message}`, { details: { field } });
}
