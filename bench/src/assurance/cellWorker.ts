import { parentPort } from 'node:worker_threads';
import { runCell } from './runCell.ts';
import type { Job, JobDone } from './WorkerPool.ts';

/** A thread of `WorkerPool`: one message in, one out. */
parentPort?.on('message', ({ cell, seed }: Job) => {
  const done: JobDone = { outcome: runCell(cell, seed) };
  parentPort?.postMessage(done);
});
