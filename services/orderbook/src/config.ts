import { environmentFields, networkFields, readEnvironment, readNetworkFile, requestLimit } from '@gleaner/api/server';
import { z } from 'zod';

const environment = z.object({ ...environmentFields, DATABASE_URL: z.string().min(1) });

/** Per address and minute, where others can reach the order book. */
const PUBLIC_LIMIT = 100;

/**
 * Configuration of an order book process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { DATABASE_URL, GLEANER_NETWORK, GLEANER_HOST, GLEANER_PORT, GLEANER_RATE_LIMIT, GLEANER_METRICS_PORT } = readEnvironment(
    environment,
    env,
  );
  const requestsPerMinute = requestLimit(GLEANER_HOST, GLEANER_RATE_LIMIT, PUBLIC_LIMIT);
  return {
    ...readNetworkFile(z.object(networkFields), GLEANER_NETWORK),
    databaseUrl: DATABASE_URL,
    host: GLEANER_HOST,
    port: GLEANER_PORT,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(GLEANER_METRICS_PORT === undefined ? {} : { metricsPort: GLEANER_METRICS_PORT }),
  };
}
