import { hostname } from 'node:os';
import { readEnvironment } from '@gleaner/api/server';
import { toGleanerError } from '@gleaner/primitives';
import { addressField } from '@gleaner/protocol';
import { z } from 'zod';
import { type Misbehaviour, parseMisbehaviour } from './misbehaviour/Misbehaviour.ts';

const origin = z.url({ protocol: /^https?$/ });
const count = (max: number) => z.coerce.number().int().min(1).max(max);

const environment = z.object({
  GLEANER_WORKER_NAME: z.string().min(1).max(64).optional(),
  GLEANER_KEY_FILE: z.string().min(1),
  GLEANER_DATA: z.string().min(1),
  GLEANER_RPC_URL: origin,
  GLEANER_HUB: addressField,
  /** Refuses another chain when given. */
  GLEANER_CHAIN_ID: count(Number.MAX_SAFE_INTEGER).optional(),
  GLEANER_SCHEDULER_URL: origin,
  GLEANER_GATEWAY_URL: origin,
  /** Secret service; needed for enclaves alone. */
  GLEANER_SECRETS_URL: origin.optional(),
  /** Switches development enclaves on: file of the development root. On development chains only. */
  GLEANER_DEV_ENCLAVE_ROOT: z.string().min(1).optional(),
  /** Programs run at once. */
  GLEANER_WORKER_SLOTS: count(1024).default(1),
  /** How often the head of the chain is looked at, milliseconds. */
  GLEANER_POLL_MS: count(60_000).default(150),
  /** Free stake to keep in the escrow, in nRLC; topped up from the wallet at start. */
  GLEANER_WORKER_STAKE: z
    .string()
    .regex(/^\d{1,30}$/, 'must be a whole number')
    .transform(BigInt)
    .default(50_000_000_000n),
  /** Cheats or fails on purpose; on local networks only. */
  GLEANER_WORKER_MISBEHAVE: z
    .string()
    .optional()
    .transform((text, context) => readMisbehaviour(text, context)),
});

/**
 * Configuration of a worker from its environment.
 * @throws {GleanerError} bad-request naming the variable
 */
export function readWorkerConfig(env: NodeJS.ProcessEnv) {
  const values = readEnvironment(environment, env);
  const misbehaviour = values.GLEANER_WORKER_MISBEHAVE;
  return {
    name: values.GLEANER_WORKER_NAME ?? hostname().slice(0, 64),
    keyFile: values.GLEANER_KEY_FILE,
    dataDir: values.GLEANER_DATA,
    rpcUrl: values.GLEANER_RPC_URL,
    hubAddress: values.GLEANER_HUB,
    chainId: values.GLEANER_CHAIN_ID,
    schedulerUrl: values.GLEANER_SCHEDULER_URL,
    gatewayUrl: values.GLEANER_GATEWAY_URL,
    secretsUrl: values.GLEANER_SECRETS_URL,
    devEnclaveRoot: values.GLEANER_DEV_ENCLAVE_ROOT,
    slots: values.GLEANER_WORKER_SLOTS,
    pollMs: values.GLEANER_POLL_MS,
    stakeNano: values.GLEANER_WORKER_STAKE,
    ...(misbehaviour === undefined ? {} : { misbehaviour }),
  };
}

function readMisbehaviour(text: string | undefined, context: z.RefinementCtx): Misbehaviour | undefined {
  try {
    return text ? parseMisbehaviour(text) : undefined;
  } catch (error) {
    context.addIssue(toGleanerError(error).message);
    return z.NEVER;
  }
}
