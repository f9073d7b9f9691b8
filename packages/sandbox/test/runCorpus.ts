/**
 * Meters and runs a corpus in the Node it is started with, and prints one line of JSON: what every entry did.
 * `runCorpus.js <programs.json> <first seed> <modules>`; the first file lists programs as [{name, file, args, inputs}].
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { meter } from '../src/checkProgram.ts';
import { execute } from '../src/runner/execute.ts';
import { anyModule } from './anyModule.ts';
import { runMetered } from './runModule.ts';

export interface CorpusProgram {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Files in /iexec_in by name, as text. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Plenty when absent. */
  readonly fuel?: number;
}

export interface CorpusReport {
  readonly node: string;
  /** Per entry: digest of the metered module, end, fuel, memory and digests of all that came out. */
  readonly results: Readonly<Record<string, unknown>>;
}

const [programsFile = '', firstSeed = '0', modules = '0'] = process.argv.slice(2);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const results: Record<string, unknown> = {};
for (const program of JSON.parse(readFileSync(programsFile, 'utf8')) as CorpusProgram[]) results[program.name] = runProgram(program);
for (let i = 0; i < Number(modules); i++) results[`seed ${Number(firstSeed) + i}`] = runRandom(Number(firstSeed) + i);
const report: CorpusReport = { node: process.versions.node, results };
console.log(JSON.stringify(report));

function runProgram({ file, args, inputs, fuel = 2 ** 50 }: CorpusProgram): unknown {
  const metered = meter(readFileSync(file), { maxMemoryPages: 2_048 });
  const { end, fuelUsed, memoryBytes, stdout, stderr, outputs } = execute(new WebAssembly.Module(metered as BufferSource), {
    args: ['program', ...args],
    env: { NAME: 'Ünï' },
    inputs: Object.entries(inputs).map(([name, text]) => ({ name, content: new TextEncoder().encode(text) })),
    seed: Uint8Array.from({ length: 32 }, (_, i) => i),
    fuel: BigInt(fuel),
    stackBytes: 1 << 19,
    outputBytes: 1 << 28,
    outputFiles: 1_000,
    stdioBytes: 1 << 24,
  });
  const files = outputs.map(({ path, content }) => [path, content === undefined ? null : sha256(content)]);
  return { metered: sha256(metered), end, fuelUsed: `${fuelUsed}`, memoryBytes, stdout: sha256(stdout), stderr: sha256(stderr), files };
}

function runRandom(seed: number): unknown {
  const bytes = anyModule(seed, { canonical: false });
  const { fuelUsed, ...left } = runMetered(bytes);
  return { metered: sha256(meter(bytes, { maxMemoryPages: 3 })), ...left, fuelUsed: `${fuelUsed}` };
}
