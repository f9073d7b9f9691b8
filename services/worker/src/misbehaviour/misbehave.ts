import { assertNever } from '@gleaner/primitives';
import type { MarketView } from '../ports.ts';
import type { WorkerParts } from '../startWorker.ts';
import { copyContributions } from './copyContributions.ts';
import { crashWhileComputing } from './crashWhileComputing.ts';
import { delayContributions } from './delayContributions.ts';
import { falsifyResults } from './falsifyResults.ts';
import type { Misbehaviour } from './Misbehaviour.ts';
import { skipRuns } from './skipRuns.ts';
import { withholdContributions } from './withholdContributions.ts';

export interface MisbehaviourTools {
  /** What a cheat can see on chain. */
  readonly market: MarketView;
  /** Ends the process at once. */
  readonly die: () => void;
}

/** The parts of an honest worker with those exchanged by which this one does wrong; its loops and decisions stay the same. */
export function misbehave(parts: WorkerParts, misbehaviour: Misbehaviour, { market, die }: MisbehaviourTools): WorkerParts {
  const { chain, runner, pollMs } = parts;
  switch (misbehaviour.kind) {
    case 'wrong-result': {
      const mayLie = async () => misbehaviour.fromScore === 0n || (await market.ownScore()) >= misbehaviour.fromScore;
      return { ...parts, runner: falsifyResults(runner, { worker: chain.worker, mayLie }) };
    }
    case 'silent':
      return { ...parts, runner: skipRuns(runner), chain: withholdContributions(chain, { pollMs }) };
    case 'slow':
      return { ...parts, chain: delayContributions(chain, misbehaviour.delayMs) };
    case 'lazy-copier':
      return { ...parts, runner: skipRuns(runner), chain: copyContributions(chain, { market, pollMs }) };
    case 'crash':
      return { ...parts, runner: crashWhileComputing(runner, die) };
    default:
      return assertNever(misbehaviour);
  }
}
