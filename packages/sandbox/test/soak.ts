import { randomInt } from 'node:crypto';
import { Interpreter } from './engines.ts';
import { damageIsRefused, enginesAgree, fuelIsExact, hostileCallsAreHarmless, type Law, meaningIsKept } from './laws.ts';

export interface SoakReport {
  readonly seconds: number;
  /** Seed of the first module; those of the others follow it. */
  readonly firstSeed: number;
  readonly engines: readonly string[];
  /** Per law: modules tried, runs made, seeds that broke it. */
  readonly laws: Readonly<Record<string, { readonly modules: number; readonly runs: number; readonly failures: readonly string[] }>>;
}

const MAX_FAILURES = 20;

/** Tries every law in turn on fresh random modules for a time. A law that breaks is recorded and the others go on. */
export async function soak(seconds: number, firstSeed = randomInt(2 ** 31)): Promise<SoakReport> {
  const interpreter = Interpreter.find();
  const laws: Record<string, Law> = {
    meaningIsKept,
    fuelIsExact,
    damageIsRefused: damageIsRefused(interpreter),
    hostileCallsAreHarmless,
    ...(interpreter === undefined ? {} : { enginesAgree: enginesAgree(interpreter) }),
  };
  const counts = Object.fromEntries(Object.keys(laws).map((name) => [name, { modules: 0, runs: 0, failures: [] as string[] }]));
  const end = performance.now() + seconds * 1000;
  for (let seed = firstSeed; performance.now() < end; seed = (seed + 1) % 2 ** 31) {
    for (const [name, law] of Object.entries(laws)) attempt(law, seed, counts[name] as Count);
    if (seed % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  interpreter?.close();
  const engines = [`V8 ${process.versions.v8}`, ...(interpreter === undefined ? [] : [`wabt ${interpreter.version}`])];
  return { seconds, firstSeed, engines, laws: counts };
}

interface Count {
  modules: number;
  runs: number;
  readonly failures: string[];
}

function attempt(law: Law, seed: number, count: Count): void {
  count.modules++;
  try {
    count.runs += law(seed);
  } catch (error) {
    if (count.failures.length < MAX_FAILURES) count.failures.push(`seed ${seed}: ${String(error).slice(0, 300)}`);
  }
}
