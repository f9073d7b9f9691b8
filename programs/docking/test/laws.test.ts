import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Atom, askBest, dock, docking, pairEnergy, placeLigand, scorePlaces, type Triple, toPdb } from './docking.ts';

const DEEP = process.env['GLEANER_DEEP'] !== undefined;

const anyThousandths = (range: number) => fc.integer({ min: -range * 1000, max: range * 1000 }).map((n) => n / 1000);
const anyAtom = (range: number): fc.Arbitrary<Atom> =>
  fc.record({
    symbol: fc.constantFrom('C', 'N', 'O', 'Cl'),
    place: fc.tuple(anyThousandths(range), anyThousandths(range), anyThousandths(range)),
    charge: anyThousandths(0.6),
  });

describe('docking scores', () => {
  it('any pose as a second implementation does, and the charge and contact parts add up', () => {
    const molecules = fc.tuple(fc.array(anyAtom(8), { minLength: 1, maxLength: 12 }), fc.array(anyAtom(3), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(molecules, fc.nat(1000), ([receptor, ligand], seed) => {
        for (const pose of dock(receptor, ligand, ['--runs=2', '--steps=30', '--poses=2', `--seed=${seed}`]).poses) {
          const places = placeLigand(ligand, pose);
          const expected = scorePlaces(receptor, ligand, places);
          if (places.some((place) => receptor.some((atom) => distance(place, atom.place) < 0.71))) continue; // counted as farther
          expect(Math.abs(pose.score - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
          expect(pose.contact + pose.charge).toBeCloseTo(pose.score, 9);
        }
      }),
      { numRuns: DEEP ? 300 : 20 },
    );
  });

  it('the same poses in both files', () => {
    const ligand: Atom[] = [atom('C', [0, 0, 0]), atom('O', [1.3, 0.2, 0]), atom('N', [-0.4, 1.1, 0.9])];
    const receptor = [atom('C', [0, 0, 4]), atom('O', [3, 1, 0], -0.3)];
    const { files } = docking.run(['--receptor=r', '--ligand=l', '--poses=3', '--runs=3', '--steps=50'], {
      inputs: { r: toPdb(receptor), l: toPdb(ligand) },
    });
    const { poses } = JSON.parse(files['best.json']?.toString() ?? '') as ReturnType<typeof askBest>;
    const models = (files['poses.pdb']?.toString() ?? '').split('ENDMDL\n').slice(0, -1);
    expect(models).toHaveLength(poses.length);
    for (const [i, model] of models.entries()) {
      const listed = [...model.matchAll(/^HETATM.{24}(.{8})(.{8})(.{8})/gm)].map((match) => match.slice(1, 4).map(Number));
      const placed = placeLigand(ligand, poses[i] as (typeof poses)[number]);
      for (const [k, place] of placed.entries()) expect(distance(place, listed[k] as unknown as Triple)).toBeLessThan(0.001);
    }
  });
});

describe('docking finds', () => {
  it('the distance of least energy of two atoms', () => {
    fc.assert(
      fc.property(anyAtom(2), anyAtom(2), fc.nat(1000), (receptor, ligand, seed) => {
        const energies = Array.from({ length: 5000 }, (_, i) => pairEnergy(ligand.symbol, ligand.charge, receptor, 1.5 + i / 1000));
        const least = Math.min(...energies);
        const { score } = dock([receptor], [ligand], ['--size=12', '--runs=3', '--steps=2000', `--seed=${seed}`]);
        if (least < -0.01) expect(Math.abs(score - least)).toBeLessThan(0.002 + 0.005 * Math.abs(least));
      }),
      { numRuns: DEEP ? 100 : 8 },
    );
  });

  it('its way back into a pocket that was built around a ligand', () => {
    const ligand = [
      atom('C', [0, 0, 0]),
      atom('N', [1.5, 0, 0], 0.4),
      atom('C', [-0.7, 1.3, 0]),
      atom('O', [-2, 1.4, 0.4], -0.5),
      atom('C', [0.1, -0.9, 1.2]),
      atom('Cl', [0.3, -2.5, 0.9]),
    ];
    const receptor = pocketAround(ligand);
    const planted = scorePlaces(
      receptor,
      ligand,
      ligand.map(({ place }) => place),
    );
    const answer = dock(receptor, ligand, ['--size=6', '--runs=10', '--steps=3000', '--centre=0,0,0']);
    const [best] = answer.poses;
    expect(planted).toBeLessThan(-5);
    expect(answer.score).toBeLessThanOrEqual(planted);
    const places = best === undefined ? [] : placeLigand(ligand, best);
    const square = ligand.reduce((sum, { place }, i) => sum + distance(place, places[i] ?? [99, 99, 99]) ** 2, 0) / ligand.length;
    expect(Math.sqrt(square)).toBeLessThan(0.8);
  });

  it('the same best score in the built-in pocket from different seeds', () => {
    const scores = [1, 2, 3].map((seed) => askBest([`--seed=${seed}`]).score);
    expect(new Set(scores).size).toBe(3);
    for (const score of scores) expect(Math.abs(score / (scores[0] ?? 0) - 1)).toBeLessThan(0.02);
    expect(scores[0]).toBeLessThan(-20);
  });

  it('nothing outside its box, and only poses that differ, best first', () => {
    const { poses } = askBest(['--size=3', '--centre=1,0.5,-1', '--runs=12', '--steps=100', '--poses=12']);
    expect(poses.length).toBeGreaterThan(1);
    for (const { centre } of poses)
      expect(Math.max(...centre.map((value, axis) => Math.abs(value - ([1, 0.5, -1][axis] ?? 0))))).toBeLessThanOrEqual(1.5);
    const scores = poses.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(new Set(poses.map(({ run }) => run)).size).toBe(poses.length);
  });
});

describe('docking shares its runs out', () => {
  it('so that the best of a bag is the best of one task with all runs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 }), fc.nat(1000), fc.boolean(), (runs, size, seed, bag) => {
        const common = ['--steps=20', '--poses=50', `--seed=${seed}`];
        const whole = askBest([...common, `--runs=${runs * size}`]);
        const tasks = Array.from({ length: size }, (_, index) => {
          const env = { IEXEC_BOT_SIZE: `${size}`, IEXEC_BOT_FIRST_INDEX: '7', IEXEC_BOT_TASK_INDEX: `${7 + index}` };
          return bag
            ? askBest([...common, `--runs=${runs}`], { env })
            : askBest([...common, `--runs=${runs}`, '--part', `${index}/${size}`]);
        });
        expect(tasks.map(({ task }) => task)).toEqual(tasks.map((_, index) => index));
        expect(Math.min(...tasks.map(({ score }) => score))).toBe(whole.score);
        const poses = tasks.flatMap((task) => task.poses);
        for (const pose of whole.poses) expect(poses).toContainEqual(pose);
      }),
      { numRuns: DEEP ? 100 : 6 },
    );
  });

  it('and more runs never find less', () => {
    const scores = [1, 2, 4, 8].map((runs) => askBest([`--runs=${runs}`, '--steps=60']).score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });
});

function atom(symbol: string, place: Triple, charge = 0): Atom {
  return { symbol, place, charge };
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Atoms on all sides, as near as the ligand lets them: from far away in each direction up to 3.7 ångström from its nearest atom; charged against it. */
function pocketAround(ligand: readonly Atom[]): Atom[] {
  const directions = Array.from({ length: 90 }, (_, i) => {
    const height = 1 - (2 * i + 1) / 90;
    const ring = Math.sqrt(1 - height ** 2);
    return [ring * Math.cos(2.4 * i), ring * Math.sin(2.4 * i), height] as const;
  });
  return directions.map((direction) => {
    let reach = 12;
    const at = () => direction.map((value) => Math.round(value * reach * 1000) / 1000) as unknown as Triple;
    const nearest = () => ligand.reduce((best, other) => (distance(other.place, at()) < distance(best.place, at()) ? other : best));
    while (distance(nearest().place, at()) > 3.7) reach -= 0.05;
    return atom('C', at(), -nearest().charge);
  });
}
