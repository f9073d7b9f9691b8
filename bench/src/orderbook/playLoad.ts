import { Worker } from 'node:worker_threads';
import { GleanerError } from '@gleaner/primitives';
import type { Load, LoadResult } from './Load.ts';

/** Plays a load from a thread of its own, so that it shares no event loop with the server. @throws {GleanerError} invariant-broken when an answer was no 200 */
export async function playLoad(load: Load): Promise<LoadResult> {
  const worker = new Worker(new URL('./loadWorker.ts', import.meta.url));
  try {
    const result = await new Promise<LoadResult>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(load);
    });
    if (result.failed === 0) return result;
    throw new GleanerError('invariant-broken', `${result.failed} requests of the load failed, for example: ${result.failures.join('; ')}`);
  } finally {
    await worker.terminate();
  }
}
