/**
 * `npm run bench -- <name> [--json] […]`: one measurement, a table for people, and one JSON object on the last line.
 * Run it on a quiet machine: every figure is given beside something measured in the same run.
 */
import { writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { GleanerError } from '@gleaner/primitives';
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

const [name = '', ...args] = process.argv.slice(2).filter((argument) => argument !== '--json');
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) refuse(`There is no benchmark ${JSON.stringify(name)}; there is: ${Object.keys(BENCHES).join(', ')}`);
const load = loadavg()[0] ?? 0;
const { lines, figures } = await bench(args).catch(explain);
const json = process.argv.includes('--json');
const machine = {
  processors: availableParallelism(),
  model: cpus()[0]?.model,
  node: process.versions.node,
  loadBefore: Number(load.toFixed(2)),
};
const result = JSON.stringify({ bench: name, date: new Date().toISOString(), machine, ...figures });
print([...(json ? [] : lines), result]);
process.exit(0);

/** Written at once and whole, so that a full disk is an error and not a success. A reader that has gone is none. */
function print(output: readonly string[]): void {
  const bytes = Buffer.from(`${output.join('\n')}\n`);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE') refuse(`The figures could not be written: ${code}`, 1);
  }
}

/** What the caller did wrong, in one line; anything else is a defect and keeps its trace. */
function explain(error: unknown): never {
  const isUsage =
    error instanceof GleanerError || (error instanceof TypeError && String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS'));
  if (isUsage) refuse((error as Error).message);
  throw error;
}

function refuse(message: string, exitCode = 2): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
