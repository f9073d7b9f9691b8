import { join } from 'node:path';
import { environmentFields, networkFields, readEnvironment, readNetworkFile, requestLimit } from '@gleaner/api/server';
import { z } from 'zod';

const environment = z.object({
  ...environmentFields,
  DATABASE_URL: z.string().min(1),
  /** Folder of the service; its key is there unless GLEANER_SECRETS_KEY_FILE names another file. */
  GLEANER_DATA: z.string().min(1).optional(),
  GLEANER_SECRETS_KEY_FILE: z.string().min(1).optional(),
  /** Secrets that one account may have of each kind. */
  GLEANER_SECRETS_PER_OWNER: z.coerce.number().int().min(1).max(1_000_000).optional(),
  /** Switches development enclaves on: file of the development root, made when it is missing. On development chains only. */
  GLEANER_DEV_ENCLAVE_ROOT: z.string().min(1).optional(),
});

/** The gateway is where the files of bulk requests are read; without one none is served. */
const networkFile = z.object({ ...networkFields, services: z.object({ ipfsGatewayURL: z.url().optional() }).optional() });

/** Per address and minute, where others can reach the service. */
const PUBLIC_LIMIT = 100;

/** Name of the key file in the folder of the service. */
export const KEY_FILE = 'master.key';

/**
 * Configuration of a secret service process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const fields = readEnvironment(
    environment.refine(({ GLEANER_DATA, GLEANER_SECRETS_KEY_FILE }) => GLEANER_DATA ?? GLEANER_SECRETS_KEY_FILE, {
      path: ['GLEANER_SECRETS_KEY_FILE'],
      error: 'name the file of the key, or the folder of the service in GLEANER_DATA',
    }),
    env,
  );
  const { GLEANER_HOST, GLEANER_DATA = '', GLEANER_METRICS_PORT } = fields;
  const requestsPerMinute = requestLimit(GLEANER_HOST, fields.GLEANER_RATE_LIMIT, PUBLIC_LIMIT);
  const { services, ...network } = readNetworkFile(networkFile, fields.GLEANER_NETWORK);
  return {
    ...network,
    ...(services?.ipfsGatewayURL === undefined ? {} : { gatewayUrl: services.ipfsGatewayURL }),
    databaseUrl: fields.DATABASE_URL,
    keyFile: fields.GLEANER_SECRETS_KEY_FILE ?? join(GLEANER_DATA, KEY_FILE),
    host: GLEANER_HOST,
    port: fields.GLEANER_PORT,
    ...(fields.GLEANER_SECRETS_PER_OWNER === undefined ? {} : { perOwner: fields.GLEANER_SECRETS_PER_OWNER }),
    ...(fields.GLEANER_DEV_ENCLAVE_ROOT === undefined ? {} : { devEnclaveRoot: fields.GLEANER_DEV_ENCLAVE_ROOT }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(GLEANER_METRICS_PORT === undefined ? {} : { metricsPort: GLEANER_METRICS_PORT }),
  };
}
