import { describe, expect, it } from 'vitest';
import { honest, synchronised } from './attacks.ts';
import type { Cell, PolicyName } from './cell.ts';
import { firstToError, firstToVotes } from './closedForms.ts';
import { joinOutcomes, runCell } from './runCell.ts';
import { cellSeed } from './seeds.ts';
import { cellOf } from './tables/cells.ts';

const POLICIES: readonly PolicyName[] = ['m-first', 'spot-check', 'boinc', 'poco', 'sarmenta', 'assured'];

describe('runCell', () => {
  it.each(POLICIES)('%s: equal seeds give equal outcomes, other seeds do not', (policy) => {
    const cell = cellFor(policy);
    expect(runCell(cell, cellSeed(cell, 5, 0)).tally).toEqual(runCell(cell, cellSeed(cell, 5, 0)).tally);
    expect(runCell(cell, cellSeed(cell, 5, 0)).tally).not.toEqual(runCell(cell, cellSeed(cell, 5, 1)).tally);
    expect(runCell(cell, cellSeed(cell, 5, 0)).tally).not.toEqual(runCell(cell, cellSeed(cell, 6, 0)).tally);
  });

  it.each(POLICIES)('%s: every draw is accepted or void, and nothing is wrong among the honest', (policy) => {
    const { tally } = runCell(cellFor(policy), [1]);
    expect(tally.accepted + tally.voids).toBe(tally.draws);
    const clean = runCell({ ...cellFor(policy), attack: honest }, [2]).tally;
    expect([clean.errors, clean.everWrong, clean.voids, clean.accepted]).toEqual([0, 0, 0, clean.draws]);
  });

  it('gives m-first voting its closed form', () => {
    const cell = { ...cellFor('m-first'), attack: synchronised(1), labels: { m: 3 }, draws: 40_000 };
    const { tally } = runCell(cell, [3]);
    // Five standard errors, at a fixed seed.
    expect(Math.abs(tally.errors / tally.accepted - firstToError(3, 0.2))).toBeLessThan(5 * Math.sqrt(0.058 / 40_000));
    expect(Math.abs(tally.executions / tally.accepted - firstToVotes(3, 0.2))).toBeLessThan(0.02);
  });

  it('adds repetitions up, time line included', () => {
    const cell = { ...cellFor('boinc'), samples: 4 };
    const one = runCell(cell, [1]);
    const two = runCell(cell, [2]);
    const { tally, samples } = joinOutcomes([one, two]);
    expect(tally.executions).toBe(one.tally.executions + two.tally.executions);
    expect(samples.at(-1)).toEqual({ draws: cell.draws, errors: tally.errors, accepted: tally.accepted });
  });
});

function cellFor(policy: PolicyName): Cell {
  return cellOf({ table: 'test', policy, f: 0.2, attack: synchronised(0.1), operators: 50, draws: 4_000 });
}
