/**
 * `npm run bench -- <name> [--json] […]`: one measurement, a table for people, and one JSON object on the last line.
 * Run it on a quiet machine: every figure is given beside something measured in the same run.
 */
import { writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { explainRefusal, runBench } from './benches.ts';

const [name = '', ...args] = process.argv.slice(2).filter((argument) => argument !== '--json');
const load = loadavg()[0] ?? 0;
const { lines, figures } = await runBench(name, args).catch(explain);
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

/** In one line what the caller did wrong; a defect keeps its trace. */
function explain(error: unknown): never {
  const refusal = explainRefusal(error);
  if (refusal !== undefined) refuse(refusal);
  throw error;
}

function refuse(message: string, exitCode = 2): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
