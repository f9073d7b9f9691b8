import { independent, sleeper, synchronised } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { cellOf } from './cells.ts';

/** A published figure of an independent simulator, and the cell that should give it. */
interface Published {
  readonly cell: Cell;
  readonly rate: number;
  readonly redundancy: number;
}

type Short = readonly [
  policy: Cell['policy'],
  f: number,
  trust: number,
  attack: Cell['attack'],
  draws: number,
  rate: number,
  redundancy: number,
];

/** P = 200; the assured policy is left out: its sampling comes before the acceptance, that of the published candidate after it. */
const FIGURES: readonly Short[] = [
  ['spot-check', 0.2, 100, synchronised(0.1), 200_000, 0, 1.14],
  ['spot-check', 0.2, 100, synchronised(0.01), 1_000_000, 6.0e-4, 1.2],
  ['spot-check', 0.2, 100, synchronised(0.001), 1_000_000, 2.0e-4, 1.12],
  ['boinc', 0.2, 100, synchronised(0.1), 400_000, 1.9e-2, 1.06],
  ['boinc', 0.2, 100, synchronised(1), 400_000, 8.1e-2, 1.64],
  ['boinc', 0.35, 100, synchronised(0.5), 400_000, 1.4e-1, 1.58],
  ['boinc', 0.2, 100, independent(0.5), 400_000, 1.8e-4, 1.34],
  ['boinc', 0.2, 100, sleeper(0.1), 400_000, 1.9e-2, 1.03],
  ['boinc', 0.35, 100, sleeper(0.01), 400_000, 3.5e-3, 1.02],
  ['poco', 0.2, 100, synchronised(0.1), 400_000, 9.2e-4, 1.4],
  ['poco', 0.35, 100, synchronised(0.1), 400_000, 5.3e-3, 1.64],
  ['poco', 0.35, 10_000, synchronised(0.1), 400_000, 1.4e-4, 2.92],
  ['poco', 0.35, 1_000_000, synchronised(1), 400_000, 0, 4.54],
  ['poco', 0.2, 100, independent(1), 400_000, 0, 1.63],
  ['poco', 0.2, 100, synchronised(0.01), 1_000_000, 1.4e-3, 1.21],
  ['poco', 0.2, 100, sleeper(1), 400_000, 1.9e-1, 1.08],
  ['poco', 0.2, 100, sleeper(0.1), 400_000, 1.9e-2, 1.08],
  ['poco', 0.35, 100, sleeper(1), 400_000, 3.2e-1, 1.08],
  ['sarmenta', 0.2, 100, synchronised(0.1), 200_000, 0, 1.14],
  ['sarmenta', 0.2, 10_000, synchronised(0.1), 200_000, 0, 2.25],
  ['sarmenta', 0.35, 1_000_000, synchronised(1), 200_000, 0, 2.23],
  ['sarmenta', 0.2, 100, synchronised(0.01), 200_000, 6.0e-4, 1.2],
];

/** Runs of so many draws, as published. */
const runDraws = (attack: Cell['attack'], draws: number): number => (attack.occasion === 'trusted' ? draws : 200_000);

export const PUBLISHED: readonly Published[] = FIGURES.map(([policy, f, trust, attack, draws, rate, redundancy]) => ({
  cell: cellOf({
    table: 'reference',
    policy,
    f,
    trust,
    attack,
    operators: 200,
    draws: runDraws(attack, draws),
    repetitions: Math.max(1, Math.round(draws / runDraws(attack, draws))),
  }),
  rate,
  redundancy,
}));
