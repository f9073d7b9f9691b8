import { availableParallelism, hostname } from 'node:os';
import { GleanerError, show } from '@gleaner/primitives';

export interface WorkerConfig {
  readonly name: string;
  readonly keyFile: string;
  readonly dataDir: string;
  readonly rpcUrl: string;
  readonly hubAddress: `0x${string}`;
  readonly schedulerUrl: string;
  readonly gatewayUrl: string;
  /** Programs run at once. */
  readonly slots: number;
  /** How often the head of the chain is looked at. */
  readonly pollMs: number;
  /** Free stake to keep in the escrow, in nRLC; topped up from the wallet when there is less at start. */
  readonly stakeNano: bigint;
}

/**
 * Reads the environment: GLEANER_KEY_FILE, GLEANER_DATA, GLEANER_RPC_URL, GLEANER_HUB, GLEANER_SCHEDULER_URL, GLEANER_GATEWAY_URL are needed;
 * GLEANER_WORKER_NAME, GLEANER_WORKER_SLOTS, GLEANER_POLL_MS and GLEANER_WORKER_STAKE have defaults.
 * @throws {GleanerError} bad-request naming the variable
 */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  return {
    name: env['GLEANER_WORKER_NAME'] ?? hostname(),
    keyFile: need(env, 'GLEANER_KEY_FILE'),
    dataDir: need(env, 'GLEANER_DATA'),
    rpcUrl: need(env, 'GLEANER_RPC_URL'),
    hubAddress: need(env, 'GLEANER_HUB') as `0x${string}`,
    schedulerUrl: need(env, 'GLEANER_SCHEDULER_URL'),
    gatewayUrl: need(env, 'GLEANER_GATEWAY_URL'),
    slots: positive(env, 'GLEANER_WORKER_SLOTS', Math.min(1, availableParallelism())),
    pollMs: positive(env, 'GLEANER_POLL_MS', 150),
    stakeNano: BigInt(positive(env, 'GLEANER_WORKER_STAKE', 50_000_000_000)),
  };
}

function need(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new GleanerError('bad-request', `The environment variable ${name} is needed`, { details: { name } });
  return value;
}

function positive(env: Readonly<Record<string, string | undefined>>, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new GleanerError('bad-request', `${name} must be a positive integer, got ${show(text)}`, { details: { name, value: show(text) } });
}
