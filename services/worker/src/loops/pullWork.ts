import { setTimeout as sleep } from 'node:timers/promises';
import { toGleanerError } from '@gleaner/primitives';
import type { WorkerContext } from '../context.ts';
import type { Replicate } from '../domain/replicate.ts';

const POLL_MS = 15_000;
const RETRY_MS = 1_000;
/** Replicates waiting for consensus or reveal beside those being computed. */
const MAX_OPEN = 64;

/**
 * Asks for work whenever a slot is free and no replicate waits for it. The record is on disk before the replicate is driven; an assignment whose answer
 * or record got lost is given again, because every request names what is held.
 */
export async function pullWork(context: WorkerContext, drive: (replicate: Replicate) => void, signal: AbortSignal): Promise<void> {
  const { slots, permits, scheduler, open, files, log } = context;
  while (!signal.aborted) {
    let permit: (() => void) | undefined = await slots.acquire();
    const { wanted } = slots;
    try {
      if (open.size >= MAX_OPEN) {
        await sleep(RETRY_MS, undefined, { signal });
        continue;
      }
      const assignment = await scheduler.nextWork(POLL_MS, [...open.keys()], AbortSignal.any([signal, wanted]));
      if (assignment === undefined || open.has(assignment.taskId)) continue;
      const replicate: Replicate = { taskId: assignment.taskId, assignment, uploadRequested: false };
      await files.save(replicate);
      log.info({ taskId: replicate.taskId, dealId: assignment.dealId }, 'replicate.accepted');
      permits.set(replicate.taskId, permit);
      permit = undefined;
      drive(replicate);
    } catch (error) {
      if (signal.aborted) return;
      if (wanted.aborted) continue;
      const { code, message } = toGleanerError(error);
      log.warn({ code, message }, 'work.unavailable');
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    } finally {
      permit?.();
    }
  }
}
