import { openProgram } from '../../testing/openProgram.ts';
import type { RunOptions } from '../../testing/runUnderNode.ts';

export const docking = await openProgram('docking');

export type Triple = readonly [number, number, number];

export interface Atom {
  readonly symbol: string;
  readonly place: Triple;
  readonly charge: number;
}

export interface FoundPose {
  readonly run: number;
  readonly score: number;
  readonly contact: number;
  readonly charge: number;
  readonly centre: Triple;
  readonly quaternion: readonly [number, number, number, number];
}

export interface DockingAnswer {
  readonly score: number;
  readonly task: number;
  readonly poses: readonly FoundPose[];
}

/** Runs the program on molecules written as PDB files. */
export function dock(receptor: readonly Atom[], ligand: readonly Atom[], args: readonly string[]): DockingAnswer {
  const inputs = { 'r.pdb': toPdb(receptor), 'l.pdb': toPdb(ligand) };
  return askBest(['--receptor', 'r.pdb', '--ligand', 'l.pdb', ...args], { inputs });
}

export function askBest(args: readonly string[], options: RunOptions = {}): DockingAnswer {
  return JSON.parse(docking.ask('best.json', args, options)) as DockingAnswer;
}

/** Places are rounded to three decimals, as the format has them. */
export function toPdb(atoms: readonly Atom[]): string {
  return atoms
    .map(({ symbol, place, charge }, i) => {
      const columns = place.map((value) => value.toFixed(3).padStart(8)).join('');
      const serial = `${i + 1}`.padStart(5);
      return `HETATM${serial}  ${symbol.padEnd(3)} MOL A   1    ${columns}  1.00  0.00    ${charge.toFixed(3).padStart(6)} ${symbol.padStart(2)}\n`;
    })
    .join('');
}

/** Atoms of a pose, from the ligand's file: turned about its middle, then moved. A second implementation, by quaternion products. */
export function placeLigand(ligand: readonly Atom[], { centre, quaternion: [w, x, y, z] }: FoundPose): Triple[] {
  const middle = [0, 1, 2].map((axis) => ligand.reduce((sum, atom) => sum + (atom.place[axis] ?? 0), 0) / ligand.length);
  return ligand.map(({ place }) => {
    const [a, b, c] = place.map((value, axis) => value - (middle[axis] ?? 0)) as unknown as Triple;
    // v' = v + 2 q × (q × v + w v)
    const [s, t, u] = [y * c - z * b + w * a, z * a - x * c + w * b, x * b - y * a + w * c];
    return [centre[0] + a + 2 * (y * u - z * t), centre[1] + b + 2 * (z * s - x * u), centre[2] + c + 2 * (x * t - y * s)];
  });
}

/** Distance of least energy (ångström) and its depth (kcal/mol) of the elements that the tests use. Source: the Universal Force Field. */
const FORCE_FIELD: Readonly<Record<string, readonly [distance: number, depth: number]>> = {
  C: [3.851, 0.105],
  N: [3.66, 0.069],
  O: [3.5, 0.06],
  Cl: [3.947, 0.227],
};

/** A second implementation of the score, kcal/mol. */
export function scorePlaces(receptor: readonly Atom[], ligand: readonly Atom[], places: readonly Triple[]): number {
  let energy = 0;
  for (const [i, { symbol, charge }] of ligand.entries()) {
    for (const atom of receptor) {
      const r = Math.hypot(...atom.place.map((value, axis) => value - (places[i]?.[axis] ?? 0)));
      energy += r < 12 ? pairEnergy(symbol, charge, atom, r) : 0;
    }
  }
  return energy;
}

export function pairEnergy(symbol: string, charge: number, atom: Atom, r: number): number {
  const [ownDistance, ownDepth] = FORCE_FIELD[symbol] ?? [0, 0];
  const [distance, depth] = FORCE_FIELD[atom.symbol] ?? [0, 0];
  const ratio = Math.sqrt(ownDistance * distance) / r;
  const contact = Math.sqrt(ownDepth * depth) * (ratio ** 12 - 2 * ratio ** 6);
  return contact + (332.0637 / 4) * charge * atom.charge * (1 / r ** 2 - 1 / 144);
}
