import type { Runner } from '@gleaner/sandbox';
import { replaceRun } from './replaceRun.ts';

/** A runner that calls `die` as soon as a program has started. */
export function crashWhileComputing(runner: Runner, die: () => void): Runner {
  return replaceRun(runner, (job) =>
    runner.run({
      ...job,
      onEvent(event) {
        job.onEvent?.(event);
        if (event.type === 'started') die();
      },
    }),
  );
}
