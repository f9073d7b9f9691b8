import { waitFor } from '@gleaner/api/server';
import { toGleanerError } from '@gleaner/primitives';
import { purgeExpiredChallenges, purgeTaskLogs } from '@gleaner/store';
import type { Pool } from '../pool.ts';

const EVERY_MS = 10 * 60_000;
const KEEP_LOGS_MS = 3 * 24 * 3_600_000;

/** Deletes program logs after three days, and login challenges that ran out. */
export async function housekeep({ store, log }: Pool, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await purgeTaskLogs(store.db, KEEP_LOGS_MS);
      await purgeExpiredChallenges(store.db);
    } catch (error) {
      log.warn({ message: toGleanerError(error).message }, 'housekeeping.failed');
    }
    await waitFor(signal, EVERY_MS);
  }
}
