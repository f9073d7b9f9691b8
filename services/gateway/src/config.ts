import { environmentFields, networkFields, readEnvironment, readNetworkFile, requestLimit } from '@gleaner/api/server';
import { z } from 'zod';
import { readContentPlace } from './adapters/readContentPlace.ts';
import type { GatewayConfig } from './startGateway.ts';

/** Larger files meet a fault of the UnixFS writer: it writes sizes from 2^31 bytes on wrongly. */
const MOST_ADD_BYTES = 2 ** 31 - 1;

const environment = z.object({
  ...environmentFields,
  GLEANER_DATA: z.string().min(1),
  /** Largest upload to /api/v0/add in bytes. */
  GLEANER_MAX_ADD: z.coerce.number().int().positive().max(MOST_ADD_BYTES).optional(),
  /** Origins whose web pages may add content, separated by commas; * for all. */
  GLEANER_ALLOWED_ORIGINS: z.string().optional(),
});

/** Per address and minute, where others can reach the gateway. */
const PUBLIC_LIMIT = 600;

export interface ProcessConfig extends GatewayConfig {
  readonly metricsPort?: number;
}

/**
 * Configuration of a gateway process from its environment.
 * @throws {GleanerError} bad-request naming what is wrong; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv): ProcessConfig {
  const fields = readEnvironment(environment, env);
  const { GLEANER_HOST, GLEANER_MAX_ADD, GLEANER_METRICS_PORT } = fields;
  const requestsPerMinute = requestLimit(GLEANER_HOST, fields.GLEANER_RATE_LIMIT, PUBLIC_LIMIT);
  const origins = fields.GLEANER_ALLOWED_ORIGINS?.split(',').map((origin) => origin.trim());
  return {
    ...readNetworkFile(z.object(networkFields), fields.GLEANER_NETWORK),
    dataDir: fields.GLEANER_DATA,
    place: readContentPlace(env),
    host: GLEANER_HOST,
    port: fields.GLEANER_PORT,
    ...(GLEANER_MAX_ADD === undefined ? {} : { limits: { maxAddBytes: GLEANER_MAX_ADD } }),
    ...(origins === undefined ? {} : { allowedOrigins: origins.filter((origin) => origin !== '') }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(GLEANER_METRICS_PORT === undefined ? {} : { metricsPort: GLEANER_METRICS_PORT }),
  };
}
