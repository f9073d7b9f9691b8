/**
 * `npm run bench -- <name> [--json] […]`: one measurement, a table for people, and one JSON object on the last line.
 * Run it on a quiet machine: every figure is given beside something measured in the same run.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { drawFigures } from './assurance/drawFigures.ts';
import { measureAssurance } from './assurance/measureAssurance.ts';
import { measureGas } from './gas/measureGas.ts';
import { measureLoop } from './loop.ts';
import { measureProtocol } from './protocol.ts';
import { measureWasi } from './wasi.ts';

export interface Measurement {
  /** Lines for people. */
  readonly lines: readonly string[];
  /** JSON-safe figures, units in the names. */
  readonly figures: Readonly<Record<string, unknown>>;
}

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<Measurement>>> = {
  assurance: measureAssurance,
  'assurance-figures': drawFigures,
  gas: measureGas,
  loop: measureLoop,
  protocol: measureProtocol,
  wasi: measureWasi,
};

const [name = '', ...rest] = process.argv.slice(2);
const args = rest.filter((argument) => argument !== '--json');
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`There is no benchmark ${JSON.stringify(name)}; there is: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const load = loadavg()[0] ?? 0;
const { lines, figures } = await bench(args);
if (!rest.includes('--json')) for (const line of lines) console.log(line);
const machine = {
  processors: availableParallelism(),
  model: cpus()[0]?.model,
  node: process.versions.node,
  loadBefore: Number(load.toFixed(2)),
};
console.log(JSON.stringify({ bench: name, date: new Date().toISOString(), machine, ...figures }));
process.exit(0);
