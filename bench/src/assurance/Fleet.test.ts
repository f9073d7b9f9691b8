import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fleet } from './Fleet.ts';
import { Random } from './random.ts';

describe('Fleet', () => {
  it('gives the hostile group its share of the stake, to half an operator, however it is split', () => {
    fc.assert(
      fc.property(
        fc.record({
          operators: fc.integer({ min: 10, max: 300 }),
          f: fc.double({ min: 0, max: 0.4, noNaN: true }),
          split: fc.constantFrom(1, 10),
        }),
        fc.boolean(),
        fc.nat(),
        ({ operators, f, split }, unequalStakes, seed) => {
          const random = new Random(seed);
          const fleet = new Fleet({ operators, f, world: { unequalStakes, hostileSplit: split } }, random);
          const largest = unequalStakes ? 10 : 1;
          const draws = 2_000;
          let hostile = 0;
          for (let draw = 0; draw < draws; draw += 1) hostile += fleet.hostile[fleet.pick()] ?? 0;
          const tolerance = largest / operators + 6 * Math.sqrt((f * (1 - f) + 0.01) / draws);
          expect(Math.abs(hostile / draws - f)).toBeLessThan(tolerance);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never draws an expelled operator, and draws each of the others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 10 }), fc.boolean(), fc.nat(), (expelled, unequalStakes, seed) => {
        const fleet = new Fleet({ operators: 12, f: 0.3, world: { unequalStakes } }, new Random(seed));
        for (const operator of [...expelled, ...expelled]) fleet.expel(operator);
        const drawn = new Set(Array.from({ length: 2_000 }, () => fleet.pick()));
        expect(fleet.eligible).toBe(12 - expelled.length);
        expect([...drawn].sort((a, b) => a - b)).toEqual(
          Array.from({ length: 12 }, (_, index) => index).filter((index) => !expelled.includes(index)),
        );
      }),
      { numRuns: 40 },
    );
  });
});
