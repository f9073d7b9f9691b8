import { readFileSync } from 'node:fs';
import { GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

/** Fields that service processes read alike. */
export const environmentFields = {
  /** Path of network.json. */
  GLEANER_NETWORK: z.string().min(1),
  GLEANER_HOST: z.string().default('127.0.0.1'),
  /** 0 = any free port. */
  GLEANER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Requests per address and minute; 0 = no limit. */
  GLEANER_RATE_LIMIT: z.coerce.number().int().min(0).optional(),
  /** Metrics on this loopback port; none when absent. */
  GLEANER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
} as const;

/** What every service needs of network.json. */
export const networkFields = { chainId: z.number().int().positive(), rpcUrl: z.url(), hubAddress: addressField } as const;

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** @throws {GleanerError} bad-request naming the variable that is missing or wrong */
export function readEnvironment<S extends z.ZodType>(schema: S, env: Environment): z.output<S> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? 'environment';
  throw new GleanerError('bad-request', `${field}: ${issue?.message}`, { details: { field } });
}

/** @throws {GleanerError} data-unreadable when the file is not what the schema says */
export function readNetworkFile<S extends z.ZodType>(schema: S, path: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new GleanerError('data-unreadable', `${path} is not the description of a network`, { details: { path }, cause: error });
  }
}

/** The limit that was set, or one for addresses that others can reach; `undefined` = no limit. */
export function requestLimit(host: string, set: number | undefined, publicDefault: number): number | undefined {
  const limit = set ?? (LOOPBACK.has(host) ? 0 : publicDefault);
  return limit === 0 ? undefined : limit;
}
