import type { Runner } from '@gleaner/sandbox';

/** The same runner with another `run`. */
export function replaceRun(runner: Runner, run: Runner['run']): Runner {
  return { kind: runner.kind, probe: () => runner.probe(), check: (program) => runner.check(program), run, close: () => runner.close() };
}
