import type { PoolLimits } from '@gleaner/protocol';

/** A worker that has not been heard of for this long is taken for lost, in seconds. */
const SILENCE_SEC = 30n;
/** The same, in milliseconds. */
export const SILENCE_MS = Number(SILENCE_SEC) * 1000;
/** From the request of a result archive to its arrival, in seconds. */
const UPLOAD_SEC = 60n;
/** The least time from an offer to asking another worker beside this one, in seconds: a few blocks, and a restart of the worker. */
const STRAGGLE_SEC = 8n;

/** Patience with the replicates of a task of this category: computing may take one time reference, fetching and queueing another. */
export function poolLimits(timeref: bigint): PoolLimits {
  return { silence: SILENCE_SEC, compute: timeref * 2n, straggle: STRAGGLE_SEC, upload: UPLOAD_SEC };
}
