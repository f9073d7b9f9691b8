import { createClient, findWorkerpoolApi, getWorkerpoolStatus, type ServedDeals } from '@gleaner/api';
import { type Address, GleanerError, isGleanerError } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';

export interface WorkerpoolStatus {
  /** Where the scheduler answers. */
  readonly url: string;
  /** Which new deals are worked on; `enclaves`: those that one enclave ends alone, at trust 0 or 1. */
  readonly deals: ServedDeals;
  /** Connected now. */
  readonly workers: readonly {
    readonly walletAddress: Address;
    readonly score: bigint;
    /** Of the enclaves that it runs; absent where it runs none. */
    readonly enclave?: { readonly hardware: boolean; readonly notice: string } | undefined;
  }[];
}

/**
 * Who serves the pool now, as its own scheduler says.
 * @throws {GleanerError} scheduler-unreachable, timed-out of the whole call, aborted
 */
export function workerpoolStatus(gleaner: Gleaner, workerpool: Address, settings: CallSettings = {}): Promise<WorkerpoolStatus> {
  return bounded(gleaner, settings, (client) => askScheduler(client, workerpool));
}

async function askScheduler(client: Gleaner, workerpool: Address): Promise<WorkerpoolStatus> {
  try {
    const { chainId, services } = client.network;
    const compass = createClient({ baseUrl: services.compassURL });
    const { apiUrl } = await compass.call(findWorkerpoolApi, { params: { chainId: String(chainId), workerpool } }, callOptions(client));
    const scheduler = createClient({ baseUrl: apiUrl });
    const { workers, deals } = await scheduler.call(getWorkerpoolStatus, { params: { workerpool } }, callOptions(client));
    return { url: apiUrl, workers, deals };
  } catch (error) {
    if (isGleanerError(error) && error.code === 'aborted') throw error;
    throw new GleanerError('scheduler-unreachable', `The scheduler of workerpool ${workerpool} does not answer`, {
      details: { workerpool },
      cause: error,
    });
  }
}

/** Where the pool's scheduler answers; undefined when it does not. @throws {GleanerError} timed-out of the whole call, aborted */
export async function findSchedulerUrl(gleaner: Gleaner, workerpool: Address, settings: CallSettings = {}): Promise<string | undefined> {
  return await bounded(gleaner, settings, (client) =>
    workerpoolStatus(client, workerpool).then(
      ({ url }) => url,
      () => undefined,
    ),
  );
}
