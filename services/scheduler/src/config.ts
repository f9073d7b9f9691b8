import { readFileSync } from 'node:fs';
import { GleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';

const origin = z.url({ protocol: /^https?$/ });

const network = z.object({
  chainId: z.number().int().positive(),
  rpcUrl: origin,
  hubAddress: addressField,
  tokenAddress: addressField,
  registries: z.object({ app: addressField, dataset: addressField, workerpool: addressField }),
  services: z.object({ iexecGatewayURL: origin, ipfsGatewayURL: origin, ipfsNodeURL: origin, compassURL: origin }),
  workerpool: addressField,
});

const decimal = z
  .string()
  .regex(/^\d{1,30}$/, 'must be a whole number')
  .transform(BigInt);

const environment = z.object({
  /** Path of network.json. */
  GLEANER_NETWORK: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  /** Key of the workerpool's owner. */
  GLEANER_KEY_FILE: z.string().min(1),
  GLEANER_HOST: z.string().default('127.0.0.1'),
  GLEANER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Where clients and workers reach this server; its own URL by default. */
  GLEANER_PUBLIC_URL: origin.optional(),
  /** nRLC per task. */
  GLEANER_POOL_PRICE: decimal.default(1_000_000_000n),
  GLEANER_POOL_TRUST: decimal.default(1_000_000n),
  GLEANER_POOL_VOLUME: decimal.default(10_000n),
  /** nRLC of free stake. */
  GLEANER_POOL_STAKE: decimal.default(100_000_000_000_000n),
});

export type SchedulerConfig = ReturnType<typeof readSchedulerConfig>;

/**
 * Configuration of a scheduler process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readSchedulerConfig(env: NodeJS.ProcessEnv) {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? 'environment';
    throw new GleanerError('bad-request', `${field}: ${issue?.message}`, { details: { field } });
  }
  const { data } = parsed;
  return {
    network: readNetwork(data.GLEANER_NETWORK),
    databaseUrl: data.DATABASE_URL,
    keyFile: data.GLEANER_KEY_FILE,
    host: data.GLEANER_HOST,
    port: data.GLEANER_PORT,
    publicUrl: data.GLEANER_PUBLIC_URL,
    offers: { price: data.GLEANER_POOL_PRICE, trust: data.GLEANER_POOL_TRUST, volume: data.GLEANER_POOL_VOLUME },
    stakeNano: data.GLEANER_POOL_STAKE,
  };
}

function readNetwork(path: string): z.output<typeof network> {
  try {
    return network.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new GleanerError('data-unreadable', `${path} is not the description of a network`, { details: { path }, cause: error });
  }
}
