import { environmentFields, networkFields, readEnvironment, readNetworkFile, requestLimit } from '@gleaner/api/server';
import { z } from 'zod';
import type { GatewayConfig } from './startGateway.ts';

const bytes = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

const environment = z.object({
  ...environmentFields,
  GLEANER_DATA: z.string().min(1),
  /** Bytes that content may take; no limit when absent. */
  GLEANER_CONTENT_QUOTA: bytes.optional(),
  /** Largest upload to /api/v0/add in bytes. */
  GLEANER_MAX_ADD: bytes.optional(),
  /** Origins whose web pages may add content, separated by commas; * for all. */
  GLEANER_ALLOWED_ORIGINS: z.string().optional(),
});

/** Per address and minute, where others can reach the gateway. */
const PUBLIC_LIMIT = 600;

/**
 * Configuration of a gateway process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const values = readEnvironment(environment, env);
  const { GLEANER_CONTENT_QUOTA, GLEANER_MAX_ADD } = values;
  const requestsPerMinute = requestLimit(values.GLEANER_HOST, values.GLEANER_RATE_LIMIT, PUBLIC_LIMIT);
  const origins = values.GLEANER_ALLOWED_ORIGINS?.split(',').map((origin) => origin.trim());
  return {
    ...readNetworkFile(z.object(networkFields), values.GLEANER_NETWORK),
    dataDir: values.GLEANER_DATA,
    host: values.GLEANER_HOST,
    port: values.GLEANER_PORT,
    ...(GLEANER_CONTENT_QUOTA === undefined ? {} : { quotaBytes: GLEANER_CONTENT_QUOTA }),
    ...(GLEANER_MAX_ADD === undefined ? {} : { limits: { maxAddBytes: GLEANER_MAX_ADD } }),
    ...(origins === undefined ? {} : { allowedOrigins: origins.filter((origin) => origin !== '') }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  };
}
