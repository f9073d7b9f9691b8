import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@gleaner/primitives';
import type { Runner } from '@gleaner/sandbox';
import type { Logger } from 'pino';
import { createReplicateFiles } from './adapters/createReplicateFiles.ts';
import type { EnclaveParts, WorkerContext } from './context.ts';
import type { Replicate } from './domain/replicate.ts';
import { driveReplicate } from './loops/driveReplicate.ts';
import { ping } from './loops/ping.ts';
import { pullWork } from './loops/pullWork.ts';
import type { ChainPort, ContentPort, SchedulerPort } from './ports.ts';
import { Semaphore } from './semaphore.ts';
import { TaskWatcher } from './taskWatcher.ts';

export interface WorkerParts {
  readonly chain: ChainPort;
  readonly scheduler: SchedulerPort;
  readonly content: ContentPort;
  readonly runner: Runner;
  readonly enclaves?: EnclaveParts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dataDir: string;
  readonly slots: number;
  readonly pollMs: number;
}

export interface RunningWorker {
  /** Stops asking for work, ends running programs, keeps the records for the next start. */
  close(): Promise<void>;
}

/** Resumes what an earlier life of this worker left open, then pulls work until closed. */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { dataDir, chain, log, runner } = parts;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const stop = new AbortController();
  const context = await createContext(parts, join(dataDir, 'replicates'));
  const drivers = new Set<Promise<void>>();
  const drive = (replicate: Replicate) => {
    const driver = driveReplicate(context, replicate, stop.signal).finally(() => drivers.delete(driver));
    drivers.add(driver);
  };
  for (const replicate of await context.files.load()) {
    log.info({ taskId: replicate.taskId }, 'replicate.resumed');
    drive(replicate);
  }
  const loops = [context.watcher.run(stop.signal), ping(context, stop.signal), pullWork(context, drive, stop.signal)];
  log.info({ worker: chain.worker, slots: parts.slots }, 'worker.started');
  return {
    async close() {
      stop.abort();
      await Promise.allSettled([...loops, ...drivers]);
      chain.close();
      await runner.close();
    },
  };
}

async function createContext(parts: WorkerParts, replicatesDir: string): Promise<WorkerContext> {
  const { chain, scheduler, content, runner, enclaves, clock, log, slots, pollMs } = parts;
  const files = await createReplicateFiles(replicatesDir);
  const open: WorkerContext['open'] = new Map();
  const onError = (error: unknown) => log.warn({ message: error instanceof Error ? error.message : String(error) }, 'chain.unavailable');
  return {
    chain,
    scheduler,
    content,
    runner,
    ...(enclaves && { enclaves }),
    files,
    clock,
    log,
    open,
    watcher: new TaskWatcher({ chain, pollMs, onError }),
    slots: new Semaphore(slots),
    permits: new Map(),
    async update(taskId, change) {
      const current = open.get(taskId);
      if (current === undefined) return;
      const next = { ...current, ...change };
      open.set(taskId, next);
      await files.save(next);
    },
    async drop(taskId) {
      open.delete(taskId);
      await files.remove(taskId);
    },
  };
}
