import { type AnswerOf, createClient, findWorkerpoolApi, getWorkerpoolStatus } from '@gleaner/api';
import { type Address, GleanerError } from '@gleaner/primitives';
import type { Gleaner } from '@gleaner/sdk';
import { signalOf } from '../reading/signalOf.ts';
import type { Query } from '../reading/useReading.ts';

export type PoolStatus = AnswerOf<typeof getWorkerpoolStatus>;
export type PoolWorker = PoolStatus['workers'][number];

/** The network's own pool as its scheduler sees it. */
export const poolQuery: Query<PoolStatus> = { key: 'pool', read: readPool };

/** @throws {GleanerError} not-found when the network names no pool; scheduler-unreachable */
export async function readPool(gleaner: Gleaner): Promise<PoolStatus> {
  const { workerpool } = gleaner.network;
  if (workerpool === undefined) throw new GleanerError('not-found', 'This network names no workerpool of its own');
  const baseUrl = await findSchedulerUrl(gleaner, workerpool);
  return createClient({ baseUrl }).call(getWorkerpoolStatus, { params: { workerpool } }, signalOf(gleaner));
}

/** Where the scheduler of a pool answers. @throws {GleanerError} not-found when this network does not serve the pool */
export async function findSchedulerUrl(gleaner: Gleaner, workerpool: Address): Promise<string> {
  const { chainId, services } = gleaner.network;
  const compass = createClient({ baseUrl: services.compassURL });
  const { apiUrl } = await compass.call(findWorkerpoolApi, { params: { chainId: String(chainId), workerpool } }, signalOf(gleaner));
  return apiUrl;
}
