import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldCell, finalField, parseTable, shallowWater, stokerDepth, watchGauges } from './shallowWater.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

/** A small basin: seconds of a wave that runs through it a few times. */
const anyBasin = fc
  .record({
    columns: fc.integer({ min: 4, max: 24 }),
    rows: fc.integer({ min: 1, max: 16 }),
    bed: fc.constantFrom('flat', 'beach', 'ridge'),
    rise: fc.integer({ min: 0, max: 1100 }).map((n) => n / 1000),
    depth: fc.integer({ min: 1, max: 400 }).map((n) => n / 10),
    duration: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ columns, rows, bed, rise, depth, duration }) => [
    `--cells-x=${columns}`,
    `--cells-y=${rows}`,
    '--length-x=500',
    '--length-y=300',
    `--bed=${bed}`,
    `--rise=${rise}`,
    `--depth=${depth}`,
    `--duration=${duration}`,
    '--radius=80',
  ]);

const anyStart = fc
  .tuple(fc.constantFrom('hump', 'dam'), fc.integer({ min: -20, max: 20 }), fc.nat(100), fc.nat(100))
  .map(([start, amplitude, x, y]) => [`--start=${start}`, `--amplitude=${amplitude / 5}`, `--place-x=${x / 100}`, `--place-y=${y / 100}`]);

describe('shallow-water keeps', () => {
  it('all water, to rounding', () => {
    fc.assert(
      fc.property(anyBasin, anyStart, (basin, start) => {
        const { volumeBefore, volumeAfter } = finalField([...basin, ...start]);
        // none where a low side of the dam covers the whole basin
        expect(volumeBefore).toBeGreaterThanOrEqual(0);
        expect(Math.abs(volumeAfter - volumeBefore)).toBeLessThanOrEqual(1e-11 * volumeBefore);
      }),
      { numRuns: DEEP ? 300 : 20 },
    );
  });

  it('depths positive, to rounding', () => {
    fc.assert(
      fc.property(anyBasin, anyStart, (basin, start) => {
        for (const { surface, bed } of finalField([...basin, ...start]).cells) expect(surface - bed).toBeGreaterThan(-1e-11);
      }),
      { numRuns: DEEP ? 300 : 10 },
    );
  });

  it('still water still over any bed, to the last bit', () => {
    fc.assert(
      fc.property(anyBasin, (basin) => {
        for (const { surface, bed, flowX, flowY } of finalField([...basin, '--start=still']).cells) {
          expect([surface, flowX, flowY]).toEqual([bed < 0 ? 0 : bed, 0, 0]);
        }
      }),
      { numRuns: DEEP ? 300 : 10 },
    );
  });

  it('no energy that it did not have: motion and height together only lose', () => {
    const basin = ['--cells-x=24', '--cells-y=24', '--length-x=240', '--length-y=240', '--bed=flat', '--depth=1'];
    const energyAfter = (seconds: number) => {
      const { cells } = finalField([...basin, '--amplitude=3', '--radius=50', '--place-x=0.2', '--place-y=0.35', `--duration=${seconds}`]);
      const energies = cells.map(
        ({ surface, bed, flowX, flowY }) => (flowX ** 2 + flowY ** 2) / (2 * (surface - bed)) + (9.81 / 2) * surface ** 2,
      );
      return energies.reduce((sum, value) => sum + value, 0);
    };
    const energies = [0, 5, 10, 20, 40, 80, 160, 320].map(energyAfter);
    expect(energies).toEqual([...energies].sort((a, b) => b - a));
  });

  it('what turns with the whole basin: a wave that runs aslant, columns and rows exchanged', () => {
    const run = (columns: number, rows: number, x: number, y: number) =>
      finalField([
        ...[
          `--cells-x=${columns}`,
          `--cells-y=${rows}`,
          `--length-x=${columns * 10}`,
          `--length-y=${rows * 10}`,
          '--bed=flat',
          '--depth=2',
        ],
        ...['--amplitude=2', '--radius=40', `--place-x=${x}`, `--place-y=${y}`, '--duration=25'],
      ]).cells;
    const [one, other] = [run(16, 8, 0.25, 0.75), run(8, 16, 0.75, 0.25)];
    for (let row = 0; row < 8; row += 1) {
      for (let column = 0; column < 16; column += 1) {
        const [cell, turned] = [one[row * 16 + column], other[column * 8 + row]];
        expect([turned?.surface, turned?.flowX, turned?.flowY]).toEqual([cell?.surface, cell?.flowY, cell?.flowX]);
      }
    }
  });

  it('the four symmetries of a hump in the middle of a square, to the last bit', () => {
    for (const size of [16, 15]) {
      const square = [`--cells-x=${size}`, `--cells-y=${size}`, '--length-x=400', '--length-y=400', '--bed=flat', '--depth=10'];
      const { cells } = finalField([...square, '--amplitude=3', '--radius=70', '--place-x=0.5', '--place-y=0.5', '--duration=50']);
      const at = (column: number, row: number) => cells[row * size + column] as FieldCell;
      expect(new Set(cells.map(({ surface }) => surface)).size).toBeGreaterThan(size);
      for (let row = 0; row < size; row += 1) {
        for (let column = 0; column < size; column += 1) {
          const cell = at(column, row);
          const [across, down, turned] = [at(size - 1 - column, row), at(column, size - 1 - row), at(row, column)];
          expect([across.surface, down.surface, turned.surface]).toEqual([cell.surface, cell.surface, cell.surface]);
          expect([across.flowX + 0, down.flowY + 0, turned.flowY + 0]).toEqual([0 - cell.flowX, 0 - cell.flowY, cell.flowX + 0]);
        }
      }
    }
  });
});

describe('shallow-water agrees with Stoker on the break of a dam', () => {
  const [length, left, right, time] = [1000, 10, 4, 25];
  /** Mean error of the depth, share of the dam's height. */
  const error = (columns: number) => {
    const channel = [`--cells-x=${columns}`, '--cells-y=1', `--length-x=${length}`, '--length-y=10', '--bed=flat', `--depth=${right}`];
    const dam = ['--start=dam', `--amplitude=${left - right}`, '--place-x=0.5', `--duration=${time}`];
    const { cells } = finalField([...channel, ...dam]);
    const errors = cells.map(({ x, surface, bed }) => Math.abs(surface - bed - stokerDepth(x - length / 2, time, left, right)));
    return errors.reduce((sum, value) => sum + value, 0) / columns / (left - right);
  };

  it('within two hundredths of the height on 200 cells, and less than two thirds of that on 400', () => {
    const [coarse, fine] = [error(200), error(400)];
    expect(coarse).toBeLessThan(0.02);
    expect(fine).toBeLessThan(coarse * (2 / 3));
  });
});

describe('shallow-water watches', () => {
  it('a low wave arrive with the speed of long waves', () => {
    const channel = ['--cells-x=400', '--cells-y=1', '--length-x=100000', '--bed=flat', '--start=dam', '--place-x=0.2'];
    for (const depth of [100, 1000]) {
      const args = [...channel, `--depth=${depth}`, '--amplitude=1', '--threshold=0.25', '--gauges=0.5,0.5 0.8,0.5', '--duration=2500'];
      for (const [i, { arrival, maximum }] of watchGauges(args).entries()) {
        const expected = ((i === 0 ? 0.3 : 0.6) * 100_000) / Math.sqrt(9.81 * depth);
        expect(Math.abs((arrival ?? 0) / expected - 1)).toBeLessThan(0.03);
        expect(maximum).toBeCloseTo(0.5, 1); // half of it goes the other way
      }
    }
  });

  it('a wave flood a beach, and nothing without one', () => {
    const beach = ['--cells-x=100', '--cells-y=1', '--length-x=2000', '--bed=beach', '--rise=1.02', '--depth=50', '--radius=200'];
    const shore = ['--gauges', '0.9875,0.5 0.995,0.5', '--duration=200'];
    const [flooded, high] = watchGauges([...beach, ...shore, '--start=hump', '--amplitude=5', '--place-x=0.3']);
    expect(flooded?.arrival).toBeGreaterThan(40);
    expect(flooded?.maximum).toBeGreaterThan(0.4);
    expect(high?.maximum).toBeGreaterThan(flooded?.minimum ?? 0);
    expect(watchGauges([...beach, ...shore, '--start=still'])[0]?.arrival).toBeUndefined();
  });

  it('the highest surface of every cell, never below the last', () => {
    const args = ['--cells-x=20', '--cells-y=8', '--duration=600'];
    const maxima = parseTable(shallowWater.ask('field.csv', [...args, '--field=maximum'])).map((row) => Number(row['maximum_m']));
    const { cells } = finalField(args);
    expect(maxima).toHaveLength(160);
    for (const [i, maximum] of maxima.entries()) expect(maximum).toBeGreaterThanOrEqual(cells[i]?.surface ?? Infinity);
  });
});

describe('shallow-water sweeps', () => {
  const basin = ['--cells-x=12', '--cells-y=4', '--duration=200'];

  it('one parameter over the tasks of a bag, each the run with that value', () => {
    const sweeps = fc.constantFrom(
      ['amplitude', 1, 5],
      ['depth', 2000, 4000],
      ['radius', 1000, 30000],
      ['place-x', 0.2, 0.6],
      ['place-y', 1, 0],
      ['rise', 0, 1],
    );
    fc.assert(
      fc.property(sweeps, fc.integer({ min: 2, max: 5 }), fc.nat(4), ([name, from, to], size, pick) => {
        const index = pick % size;
        const value = Number(from) + ((Number(to) - Number(from)) * index) / (size - 1);
        const args = [...basin, `--sweep=${name}`, `--from=${from}`, `--to=${to}`];
        const env = { IEXEC_BOT_SIZE: `${size}`, IEXEC_BOT_FIRST_INDEX: '2', IEXEC_BOT_TASK_INDEX: `${2 + index}` };
        const inBag = shallowWater.run(args, { env });
        expect(inBag).toEqual(shallowWater.run([...args, '--part', `${index}/${size}`]));
        const alone = parseTable(shallowWater.ask('gauges.csv', [...args, `--${name}=${value}`]));
        const rows = parseTable(inBag.files['gauges.csv']?.toString() ?? '');
        expect(rows).toEqual(alone.map((row) => ({ ...row, case: `${index}` })));
        expect(rows.map((row) => [row['swept'], Number(row['value'])])).toEqual(rows.map(() => [name, value]));
      }),
      { numRuns: DEEP ? 200 : 10 },
    );
  });

  it('with one heading, so that the parts can be put one after another', () => {
    const heads = ['0/2', '1/2'].map((part) => shallowWater.ask('gauges.csv', [...basin, '--part', part]).split('\n')[0]);
    expect(heads[0]).toBe(heads[1]);
    expect(heads[0]).toBe('case,swept,value,gauge,x_m,y_m,bed_m,maximum_m,maximum_at_s,minimum_m,arrival_s');
  });
});
