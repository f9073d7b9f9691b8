import { once } from 'node:events';
import type { TaskId } from '@gleaner/primitives';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { WorkerContext } from '../context.ts';
import type { SchedulerPort } from '../ports.ts';
import { Semaphore } from '../semaphore.ts';
import { pullWork } from './pullWork.ts';

test('who asks for work gives the slot to a replicate that waits for it, at once', async () => {
  const slots = new Semaphore(1);
  const end = new AbortController();
  const asked: readonly TaskId[][] = [];
  const scheduler: Pick<SchedulerPort, 'nextWork'> = {
    async nextWork(_waitMs, holding, signal) {
      (asked as TaskId[][]).push([...holding]);
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    },
  };
  const context = { slots, scheduler, permits: new Map(), open: new Map(), log: pino({ level: 'silent' }) } as unknown as WorkerContext;
  const pulling = pullWork(context, () => undefined, end.signal);
  await expect.poll(() => asked.length).toBe(1);

  const replicates = [slots.acquire(), slots.acquire()];
  for (const replicate of replicates) {
    const release = await replicate;
    expect(asked).toHaveLength(1);
    release();
  }
  await expect.poll(() => asked.length).toBe(2);
  end.abort();
  await pulling;
}, 5_000);
