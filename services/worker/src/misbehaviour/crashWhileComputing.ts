import type { Runner } from '@gleaner/sandbox';

/** A runner that calls `die` as soon as a program has started. */
export function crashWhileComputing(runner: Runner, die: () => void): Runner {
  return {
    kind: runner.kind,
    probe: () => runner.probe(),
    check: (program) => runner.check(program),
    run: (job) =>
      runner.run({
        ...job,
        onEvent(event) {
          job.onEvent?.(event);
          if (event.type === 'started') die();
        },
      }),
    close: () => runner.close(),
  };
}
