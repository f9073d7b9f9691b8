import { addTally, type Cell, type CellOutcome, emptyTally, type PolicyName, type Sample, type Tally } from './cell.ts';
import { Assured } from './policies/Assured.ts';
import { Boinc } from './policies/Boinc.ts';
import { FirstTo } from './policies/FirstTo.ts';
import { Poco } from './policies/Poco.ts';
import type { MakePolicy } from './policies/Policy.ts';
import { Sarmenta } from './policies/Sarmenta.ts';
import { SpotCheck } from './policies/SpotCheck.ts';
import { Random } from './random.ts';

const POLICIES: Readonly<Record<PolicyName, MakePolicy>> = {
  assured: (cell, random) => new Assured(cell, random),
  poco: (cell, random) => new Poco(cell, random),
  boinc: (cell, random) => new Boinc(cell, random),
  'm-first': (cell, random) => new FirstTo(cell, random),
  'spot-check': (cell, random) => new SpotCheck(cell, random),
  sarmenta: (cell, random) => new Sarmenta(cell, random),
};

/**
 * One repetition of a cell.
 * @param seed words of the stream: equal words give equal outcomes, on any machine and thread
 */
export function runCell(cell: Cell, seed: readonly number[]): CellOutcome {
  const start = process.threadCpuUsage();
  const policy = POLICIES[cell.policy](cell, new Random(...seed));
  const { tally } = policy;
  const samples: Sample[] = [];
  const every = cell.samples === undefined ? Number.POSITIVE_INFINITY : Math.ceil(cell.draws / cell.samples);
  const late = Math.floor((cell.draws * 3) / 4);
  let executionsBefore = 0;
  let acceptedBefore = 0;
  for (let draw = 1; draw <= cell.draws; draw += 1) {
    policy.draw();
    if (draw === late) {
      executionsBefore = tally.executions;
      acceptedBefore = tally.accepted;
    }
    if (draw % every === 0) samples.push({ draws: draw, errors: tally.errors, accepted: tally.accepted });
  }
  policy.finish?.();
  tally.lateExecutions = tally.executions - executionsBefore;
  tally.lateAccepted = tally.accepted - acceptedBefore;
  return { tally, samples, latencies: policy.latencies ?? [], seconds: secondsSince(start) };
}

/** Processor time of this thread, which other programs on the machine do not lengthen. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

/** Outcomes of the repetitions as one. */
export function joinOutcomes(outcomes: readonly CellOutcome[]): CellOutcome {
  const tally: Tally = emptyTally();
  for (const outcome of outcomes) addTally(tally, outcome.tally);
  return {
    tally,
    samples: joinSamples(outcomes),
    latencies: outcomes.flatMap(({ latencies }) => latencies),
    seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function joinSamples(outcomes: readonly CellOutcome[]): Sample[] {
  const first = outcomes[0]?.samples ?? [];
  return first.map(({ draws }, index) => ({
    draws,
    errors: outcomes.reduce((sum, { samples }) => sum + (samples[index]?.errors ?? 0), 0),
    accepted: outcomes.reduce((sum, { samples }) => sum + (samples[index]?.accepted ?? 0), 0),
  }));
}
