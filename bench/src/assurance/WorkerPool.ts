import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Cell, CellOutcome } from './cell.ts';
import { joinOutcomes } from './runCell.ts';
import { cellSeed } from './seeds.ts';

/** One repetition for a thread. */
export interface Job {
  readonly cell: Cell;
  readonly seed: readonly number[];
}

export interface JobDone {
  readonly outcome: CellOutcome;
}

interface Pending {
  readonly job: Job;
  readonly cellIndex: number;
  readonly repetition: number;
}

/** Called now and then with the thread's number and how many repetitions are done of how many. */
export type Progress = (thread: number, done: number, all: number) => void;

/**
 * Runs all repetitions of all cells on every processor, the long ones first. The outcome does not depend on which thread ran what.
 * @throws whatever a thread threw; the others are ended
 */
export async function runCells(cells: readonly Cell[], seed: number, progress: Progress = () => {}): Promise<CellOutcome[]> {
  const pending = cells.flatMap((cell, cellIndex) =>
    Array.from({ length: cell.repetitions }, (_, repetition): Pending => {
      return { job: { cell, seed: cellSeed(cell, seed, repetition) }, cellIndex, repetition };
    }),
  );
  pending.sort((a, b) => b.job.cell.draws - a.job.cell.draws);
  const outcomes: CellOutcome[][] = cells.map(() => []);
  const all = pending.length;
  let done = 0;
  const threads = Array.from({ length: Math.min(availableParallelism(), all) }, (_, thread) =>
    drain(pending, ({ cellIndex, repetition }, outcome) => {
      (outcomes[cellIndex] as CellOutcome[])[repetition] = outcome;
      done += 1;
      progress(thread, done, all);
    }),
  );
  await Promise.all(threads);
  return outcomes.map(joinOutcomes);
}

/** One thread works through the list until it is empty. */
function drain(pending: Pending[], onDone: (item: Pending, outcome: CellOutcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./cellWorker.ts', import.meta.url));
    let current: Pending | undefined;
    const next = () => {
      current = pending.shift();
      if (current === undefined) worker.terminate().then(() => resolve(), reject);
      else worker.postMessage(current.job);
    };
    worker.on('error', (error) => {
      pending.length = 0;
      reject(error);
    });
    worker.on('message', ({ outcome }: JobDone) => {
      if (current !== undefined) onDone(current, outcome);
      next();
    });
    next();
  });
}
