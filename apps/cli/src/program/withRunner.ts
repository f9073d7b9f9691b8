import { createWasiRunner, type Runner } from '@gleaner/sandbox';
import { withScratch } from '../withScratch.ts';

/** A sandbox that leaves nothing behind. */
export async function withRunner<T>(body: (runner: Runner) => Promise<T>): Promise<T> {
  return await withScratch('metered', async (cacheDir) => {
    const runner = await createWasiRunner({ cacheDir });
    try {
      return await body(runner);
    } finally {
      await runner.close();
    }
  });
}
