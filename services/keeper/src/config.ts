import { environmentFields, networkFields, readEnvironment, readNetworkFile } from '@gleaner/api/server';
import { z } from 'zod';

const environment = z.object({
  GLEANER_NETWORK: environmentFields.GLEANER_NETWORK,
  GLEANER_METRICS_PORT: environmentFields.GLEANER_METRICS_PORT,
  DATABASE_URL: z.string().min(1),
  /** Plain key file of the account that pays the gas. */
  GLEANER_KEY_FILE: z.string().min(1),
});

/**
 * Configuration of a keeper process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const { GLEANER_NETWORK, DATABASE_URL, GLEANER_KEY_FILE, GLEANER_METRICS_PORT } = readEnvironment(environment, env);
  return {
    ...readNetworkFile(z.object(networkFields), GLEANER_NETWORK),
    databaseUrl: DATABASE_URL,
    keyFile: GLEANER_KEY_FILE,
    ...(GLEANER_METRICS_PORT === undefined ? {} : { metricsPort: GLEANER_METRICS_PORT }),
  };
}
