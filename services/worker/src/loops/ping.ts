import { setTimeout as sleep } from 'node:timers/promises';
import type { Directive } from '@gleaner/api';
import { type TaskId, toGleanerError } from '@gleaner/primitives';
import type { WorkerContext } from '../context.ts';

const RETRY_MS = 1_000;

/** Registers, then sends a heartbeat every period; a scheduler that forgot this worker gets its registration again. */
export async function ping(context: WorkerContext, signal: AbortSignal): Promise<void> {
  const { scheduler, open, log } = context;
  let pingMs: number | undefined;
  while (!signal.aborted) {
    try {
      pingMs ??= (await scheduler.register(signal)).pingMs;
      for (const directive of await scheduler.ping([...open.keys()], signal)) await follow(context, directive);
      await sleep(pingMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = toGleanerError(error);
      log.warn({ code, message }, 'scheduler.unavailable');
      pingMs = undefined;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function follow(context: WorkerContext, { taskId, action }: Directive): Promise<void> {
  const replicate = context.open.get(taskId);
  if (action === 'upload' && replicate?.uploadedCid !== undefined) await tellUploaded(context, taskId, replicate.uploadedCid);
  else if (action === 'upload') await context.update(taskId, { uploadRequested: true });
  if (action === 'abort' && replicate?.computed === undefined) await context.drop(taskId);
}

/** The archive is there already, but the scheduler has not heard of it. */
async function tellUploaded({ scheduler, clock }: WorkerContext, taskId: TaskId, resultCid: string): Promise<void> {
  await scheduler.report(taskId, { status: 'uploaded', atMs: clock.nowMs(), resultCid }, AbortSignal.timeout(10_000));
}
