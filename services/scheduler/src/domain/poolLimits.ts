import type { PoolLimits } from '@gleaner/protocol';

/** A worker that has not been heard of for this long is taken for lost, in seconds. */
export const SILENCE_SEC = 30n;
/** From the request of a result archive to its arrival, in seconds. */
const UPLOAD_SEC = 60n;

/** Patience with the replicates of a task of this category: computing may take one time reference, fetching and queueing another. */
export function poolLimits(timeref: bigint): PoolLimits {
  return { silence: SILENCE_SEC, compute: timeref * 2n, upload: UPLOAD_SEC };
}
