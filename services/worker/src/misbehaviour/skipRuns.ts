import type { Outcome, Runner } from '@gleaner/sandbox';

const NOTHING = new Uint8Array();

/** A runner that computes nothing and says that every program has ended well, with no output. */
export function skipRuns(runner: Runner): Runner {
  return {
    kind: runner.kind,
    probe: () => runner.probe(),
    check: (program) => runner.check(program),
    run: async (): Promise<Outcome> => ({
      status: 'exited',
      exitCode: 0,
      fuelUsed: 0n,
      stdout: NOTHING,
      stderr: NOTHING,
      wallMs: 0,
      memoryPeakBytes: 0,
    }),
    close: () => runner.close(),
  };
}
