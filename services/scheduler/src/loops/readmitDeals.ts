import { waitFor } from '@gleaner/api/server';
import { toGleanerError } from '@gleaner/primitives';
import { listDealsRefused, readmitTasks } from '@gleaner/store';
import type { Pool } from '../pool.ts';

/** No more often than rights are read from the chain. */
const EVERY_MS = 15_000;
const DEALS = 500;

/**
 * Asks anew about deals that could not be served when they were taken up, because the scheduler's key might not sign for the owner of their
 * pool: who is the hub's TEE broker, or an operator's agent, may change and change back.
 */
export async function readmitDeals(pool: Pool, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await readmit(pool);
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = toGleanerError(error);
      pool.log.warn({ code, message }, 'deals.not-readmitted');
    }
    await waitFor(signal, EVERY_MS);
  }
}

async function readmit({ store, pools, log, signals }: Pool): Promise<void> {
  const refused = { workerpools: pools.addresses(), code: 'forbidden', limit: DEALS } as const;
  for (const deal of await listDealsRefused(store.db, refused)) {
    if ((await pools.refusalOf(deal)) !== undefined) continue;
    const { dealId } = deal;
    const tasks = await readmitTasks(store.db, { dealId, code: 'forbidden' });
    log.info({ dealId, tasks: tasks.length }, 'deal.readmitted');
    signals.emit('due');
  }
}
