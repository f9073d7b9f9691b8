import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureOverhead } from '@gleaner/sandbox';
import type { Measurement } from './main.ts';
import { programFile } from './network.ts';

/** Arguments that make each showcase program compute for about a second. */
const PROGRAMS = { 'go-move': ['--size', '9', '--playouts', '20000', '--seed', '1'] } as const;

/** Processor time of a metered program over that of the same module as it is, in the same processes. */
export async function measureWasi(args: readonly string[]): Promise<Measurement> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: '5' } } });
  const programs: Record<string, unknown> = {};
  const lines: string[] = [];
  for (const [name, programArgs] of Object.entries(PROGRAMS)) {
    const result = await measureOverhead({ program: await readFile(programFile(name)), args: programArgs, rounds: Number(values.rounds) });
    programs[name] = { ...result, fuelUsed: result.fuelUsed.toString() };
    lines.push(`${name}: metered ${result.ratio.toFixed(3)} × unmetered`);
  }
  return { lines, figures: { programs } };
}
