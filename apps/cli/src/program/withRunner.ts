import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWasiRunner, type Runner } from '@gleaner/sandbox';

/** A sandbox that leaves nothing behind. */
export async function withRunner<T>(body: (runner: Runner) => Promise<T>): Promise<T> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'gleaner-metered-'));
  const runner = await createWasiRunner({ cacheDir });
  try {
    return await body(runner);
  } finally {
    await runner.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}
