import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Measurement } from '../Measurement.ts';
import { sleeper, synchronised } from './attacks.ts';
import type { Cell, CellOutcome } from './cell.ts';
import { type Axis, type Chart, lineChart, type Series } from './lineChart.ts';
import { readSeed } from './seeds.ts';
import { type Column, cellOf } from './tables/cells.ts';
import { runCells } from './WorkerPool.ts';

const FOLDER = new URL('../../../docs/figures/', import.meta.url);
const OPERATORS = 100;
const POINTS = 50;

interface Line extends Column {
  readonly name: string;
  readonly colour: string;
}

const OURS: readonly Line[] = [
  { name: 'Gleaner, f̂ = 1/5', colour: '#2f81f7', policy: 'assured', share: 'standard' },
  { name: 'Gleaner, f̂ = 7/20', colour: '#1fa08f', policy: 'assured', share: 'high' },
];
const POCO: Line = { name: 'PoCo', colour: '#d9730d', policy: 'poco' };
const COST_LINES: readonly Line[] = [{ name: 'm-first voting', colour: '#a371f7', policy: 'm-first' }, POCO, ...OURS];
const SLEEPER_LINES: readonly Line[] = [{ name: 'BOINC, adaptive', colour: '#bf4b8a', policy: 'boinc' }, POCO, ...OURS];

/** One in so many results may be wrong. */
const COST_TRUSTS: readonly number[] = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** `npm run bench -- assurance-figures [--seed N]`: two figures of one run each, written to docs/figures. */
export async function drawFigures(args: readonly string[]): Promise<Measurement> {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string' } } });
  const seed = readSeed(values.seed);
  process.stderr.write(`assurance-figures: seed ${seed}\n`);
  const charts = { 'assurance-cost.svg': await costChart(seed), 'assurance-sleepers.svg': await sleeperChart(seed) };
  await mkdir(FOLDER, { recursive: true });
  for (const [name, chart] of Object.entries(charts)) await writeFile(new URL(name, FOLDER), lineChart(chart));
  const files = Object.keys(charts).map((name) => `docs/figures/${name}`);
  const figures = Object.fromEntries(Object.entries(charts).map(([name, { series }]) => [name, series]));
  return { lines: [`Seed ${seed}: ${files.join(', ')}`], figures: { seed, files, figures } };
}

async function costChart(seed: number): Promise<Chart> {
  const cells = COST_LINES.flatMap(({ policy, share = 'standard' }) =>
    COST_TRUSTS.map((trust): Cell => {
      const draws = policy === 'm-first' ? 20_000 : 10_000 * OPERATORS;
      return cellOf({ table: 'figure-cost', policy, share, trust, f: 0.2, attack: synchronised(0.1), operators: OPERATORS, draws });
    }),
  );
  const outcomes = await runCells(cells, seed);
  const series = COST_LINES.map(({ name, colour }, line): Series => {
    return { name, colour, points: COST_TRUSTS.map((x, index) => ({ x, y: costOf(outcomes[line * COST_TRUSTS.length + index]) })) };
  });
  return {
    title: 'What confidence costs: executions for one accepted result',
    description: `Simulated: 100 operators, 20 % of them a cartel that cheats together in 10 % of the draws, 10 000 draws per operator from no history. m-first voting knows the hostile share and has no memory. Seed ${seed}, npm run bench -- assurance-figures --seed ${seed}`,
    x: {
      label: 'one wrong result in … at most',
      scale: 'log',
      from: 10,
      to: 1_000_000,
      ticks: COST_TRUSTS.map((at) => ({ at, text: at.toLocaleString('en').replaceAll(',', ' ') })),
    },
    y: {
      label: 'executions per accepted result',
      scale: 'log',
      from: 1,
      to: 40,
      ticks: [1, 1.5, 2, 3, 5, 10, 20, 40].map((at) => ({ at, text: String(at) })),
    },
    series,
  };
}

const costOf = (outcome: CellOutcome | undefined): number => {
  const { executions = 0, accepted = 1 } = outcome?.tally ?? {};
  return executions / accepted;
};

async function sleeperChart(seed: number): Promise<Chart> {
  const perOperator = 2_000;
  const cells = SLEEPER_LINES.map(({ policy, share = 'standard' }) =>
    cellOf({
      table: 'figure-sleepers',
      policy,
      share,
      trust: 100,
      f: 0.3,
      attack: sleeper(0.1),
      operators: OPERATORS,
      draws: perOperator * OPERATORS,
      repetitions: 20,
      samples: POINTS,
    }),
  );
  const outcomes = await runCells(cells, seed);
  const series = SLEEPER_LINES.map(({ name, colour }, index): Series => {
    const samples = outcomes[index]?.samples ?? [];
    return { name, colour, points: samples.map(({ draws, errors, accepted }) => ({ x: draws / OPERATORS, y: errors / accepted })) };
  });
  return {
    title: 'Sleepers: honest until they are trusted, then wrong in 10 % of the cases',
    description: `Simulated: 100 operators, 30 % of them sleepers that confirm each other; one wrong result in 100 is allowed; wrong results standing at each time among all accepted until then, mean of 20 runs; a line at the bottom is below 0.000001. Seed ${seed}, npm run bench -- assurance-figures --seed ${seed}`,
    x: { ...linear('draws per operator', perOperator), ticks: [0, 500, 1_000, 1_500, 2_000].map((at) => ({ at, text: String(at) })) },
    y: {
      label: 'wrong among standing results; asked: 1 %',
      scale: 'log',
      from: 1e-6,
      to: 0.1,
      ticks: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1].map((at) => ({ at, text: `${Number((at * 100).toPrecision(1))} %` })),
    },
    series,
  };
}

const linear = (label: string, to: number): Omit<Axis, 'ticks'> => ({ label, scale: 'linear', from: 0, to });
