import { environmentFields, networkFields, readEnvironment, readNetworkFile } from '@gleaner/api/server';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';

const origin = z.url({ protocol: /^https?$/ });

const network = z.object({
  ...networkFields,
  tokenAddress: addressField,
  registries: z.object({ app: addressField, dataset: addressField, workerpool: addressField }),
  services: z.object({
    iexecGatewayURL: origin,
    ipfsGatewayURL: origin,
    ipfsNodeURL: origin,
    compassURL: origin,
    smsURL: origin.optional(),
  }),
  workerpool: addressField,
});

const decimal = z
  .string()
  .regex(/^\d{1,30}$/, 'must be a whole number')
  .transform(BigInt);

const environment = z.object({
  ...environmentFields,
  DATABASE_URL: z.string().min(1),
  /** Key of the workerpool's owner, or of the agent of the operator that owns it. */
  GLEANER_KEY_FILE: z.string().min(1),
  /** Where clients and workers reach this server; its own URL by default. */
  GLEANER_PUBLIC_URL: origin.optional(),
  /** `on`: tasks that need an enclave are served by development enclaves. On development chains only. */
  GLEANER_DEV_ENCLAVES: z.enum(['on', 'off']).default('off'),
  /** `on`: pools that its key may sign for are served unasked. For the only scheduler of a network. */
  GLEANER_ADOPT_POOLS: z.enum(['on', 'off']).default('off'),
  /** nRLC per task. */
  GLEANER_POOL_PRICE: decimal.default(1_000_000_000n),
  GLEANER_POOL_TRUST: decimal.default(1_000_000n),
  GLEANER_POOL_VOLUME: decimal.default(10_000n),
  /** nRLC of free stake. */
  GLEANER_POOL_STAKE: decimal.default(100_000_000_000_000n),
});

/**
 * Configuration of a scheduler process from its environment.
 * @throws {GleanerError} bad-request naming the variable; data-unreadable for the network file
 */
export function readSchedulerConfig(env: NodeJS.ProcessEnv) {
  const values = readEnvironment(environment, env);
  return {
    network: readNetworkFile(network, values.GLEANER_NETWORK),
    databaseUrl: values.DATABASE_URL,
    keyFile: values.GLEANER_KEY_FILE,
    host: values.GLEANER_HOST,
    port: values.GLEANER_PORT,
    publicUrl: values.GLEANER_PUBLIC_URL,
    offers: { price: values.GLEANER_POOL_PRICE, trust: values.GLEANER_POOL_TRUST, volume: values.GLEANER_POOL_VOLUME },
    stakeNano: values.GLEANER_POOL_STAKE,
    developmentEnclaves: values.GLEANER_DEV_ENCLAVES === 'on',
    adoptsPools: values.GLEANER_ADOPT_POOLS === 'on',
  };
}
