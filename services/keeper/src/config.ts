import { readFileSync } from 'node:fs';
import { type Address, GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';

/** What a service needs of network.json. */
const network = z.object({ chainId: z.number().int().positive(), rpcUrl: z.url(), hubAddress: addressField });

const environment = z.object({
  GLEANER_NETWORK: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  GLEANER_KEY_FILE: z.string().min(1),
  GLEANER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
});

export interface ProcessConfig {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  readonly databaseUrl: string;
  /** Plain key file of the account that pays the gas. */
  readonly keyFile: string;
  readonly metricsPort?: number;
}

/**
 * Configuration of a keeper process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readConfig(env: NodeJS.ProcessEnv): ProcessConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw wrong(parsed.error);
  const { GLEANER_NETWORK, DATABASE_URL, GLEANER_KEY_FILE, GLEANER_METRICS_PORT } = parsed.data;
  return {
    ...readNetwork(GLEANER_NETWORK),
    databaseUrl: DATABASE_URL,
    keyFile: GLEANER_KEY_FILE,
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
