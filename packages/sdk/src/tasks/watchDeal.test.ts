import type { DealId } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import type { Gleaner } from '../createGleaner.ts';
import { watchDeal } from './watchDeal.ts';

const DEAL_ID = `0x${'d1'.repeat(32)}` as DealId;

test.each(['while it looks', 'while it waits'])('watching stops with `aborted` when the signal fires %s', async (when) => {
  const end = new AbortController();
  const gleaner = {
    hub: {
      viewDeal: async () => ({ botFirst: 0n, botSize: 1n }),
      async viewTasks() {
        if (when === 'while it looks') end.abort();
        else setTimeout(() => end.abort(), 20);
        return [{ status: 'active', contributors: [], finalDeadline: 10n }];
      },
    },
    chain: { head: async () => ({ timestamp: 1n }) },
  } as unknown as Gleaner;
  const watching = last(watchDeal(gleaner, DEAL_ID, { signal: end.signal }));
  await expect(watching).rejects.toMatchObject({ code: 'aborted' });
});

async function last<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  let found: T | undefined;
  for await (const value of values) found = value;
  return found;
}
