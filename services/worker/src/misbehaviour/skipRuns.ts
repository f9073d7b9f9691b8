import type { Runner } from '@gleaner/sandbox';
import { replaceRun } from './replaceRun.ts';

const NOTHING = new Uint8Array();

/** A runner that computes nothing and says that every program has ended well, with no output. */
export function skipRuns(runner: Runner): Runner {
  return replaceRun(runner, async () => ({
    status: 'exited',
    exitCode: 0,
    fuelUsed: 0n,
    stdout: NOTHING,
    stderr: NOTHING,
    wallMs: 0,
    memoryPeakBytes: 0,
  }));
}
