import { acceptanceThresholds, type HostileShare, isEnough } from '@gleaner/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSeatOnly, independent, shyReturning, sleeper, synchronised } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { Random } from '../random.ts';
import { cellOf } from '../tables/cells.ts';
import { Assured, type BatchTrace } from './Assured.ts';

/** `GLEANER_DEEP=1` runs the laws fifty times as often. */
const DEEPER = process.env['GLEANER_DEEP'] === '1' ? 50 : 1;

const anyCell: fc.Arbitrary<Cell> = fc
  .record({
    trust: fc.constantFrom(1, 3, 100, 10_000, 1_000_000),
    share: fc.constantFrom<HostileShare>('standard', 'high'),
    f: fc.constantFrom(0, 0.1, 0.3),
    attack: fc.constantFrom(synchronised(0.05), independent(0.1), sleeper(0.3), firstSeatOnly(0.02), shyReturning(0.2)),
    operators: fc.constantFrom(12, 40, 120),
    samplingRate: fc.constantFrom(0, 6_554, 65_536),
    perOperator: fc.constantFrom(0, 10, 100),
    world: fc.constantFrom({}, { silent: 0.2, unopened: 0.1, busy: 0.2, churn: 0.5, faultyShare: 0.1, faultRate: 0.01 }),
  })
  .map(({ perOperator, ...rest }) => cellOf({ ...rest, table: 'test', draws: 600, window: perOperator * rest.operators }));

describe('Assured', () => {
  it('closes a batch exactly when the rule says that it is enough, or one sampled seat later', () => {
    fc.assert(
      fc.property(anyCell, fc.nat(), (cell, seed) => {
        const odd: BatchTrace[] = [];
        const check = (trace: BatchTrace): void => {
          const { credibilities, carried, passed, sampled } = trace;
          const enough = (seats: number) =>
            isEnough(
              acceptanceThresholds(cell.trust, cell.share, passed[seats - 1]),
              seats,
              credibilities.slice(0, seats).reduce((sum, own) => sum + own, 0),
            );
          const seats = credibilities.length;
          const before = Array.from({ length: seats - carried - 1 }, (_, index) => carried + 1 + index);
          const closes = before.every((fewer) => !enough(fewer) || (sampled && fewer === 1));
          if (!closes || !enough(seats) || seats === carried || (sampled && (seats < 2 || !enough(1)))) odd.push(trace);
        };
        // Seats that are replaced at the opening close a batch twice; these are left to the other laws.
        const world = { ...cell.world, unopened: 0 };
        run({ ...cell, world }, seed, check);
        expect(odd).toEqual([]);
      }),
      { numRuns: 40 * DEEPER },
    );
  });

  it('ends every draw, reopened ones included, either accepted or void', () => {
    fc.assert(
      fc.property(anyCell, fc.nat(), (cell, seed) => {
        const { tally } = run(cell, seed);
        expect(tally.accepted + tally.voids).toBe(tally.draws);
        expect(tally.errors).toBeLessThanOrEqual(tally.everWrong);
        expect(tally.executions).toBeGreaterThanOrEqual(tally.accepted);
      }),
      { numRuns: 40 * DEEPER },
    );
  });

  it('convicts no honest operator while the hostile ones are few and nothing is defect', () => {
    const { tally } = run(cellOf({ table: 'test', f: 0.1, trust: 10_000, attack: synchronised(0.05), draws: 30_000 }), 4);
    expect(tally.convictedHonest).toBe(0);
    expect(tally.convictedHostile).toBe(10);
  });

  it('shows the harm when a part is taken away: sleepers without sampling', () => {
    const cell = cellOf({ table: 'test', f: 0.2, attack: sleeper(1), operators: 40, draws: 20_000 });
    const rate = (part: Partial<Cell>): number => {
      const { errors, accepted } = run({ ...cell, ...part }, 9).tally;
      return errors / accepted;
    };
    expect(rate({})).toBeLessThan(0.001);
    expect(rate({ samplingRate: 0, window: 0 })).toBeGreaterThan(0.1);
  });
});

function run(cell: Cell, seed: number, onClosed?: (trace: BatchTrace) => void): Assured {
  const policy = new Assured(cell, new Random(seed), onClosed);
  for (let draw = 0; draw < cell.draws; draw += 1) policy.draw();
  return policy;
}
