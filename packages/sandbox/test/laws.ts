import { deepStrictEqual, ok } from 'node:assert/strict';
import { checkProgram, meter } from '../src/checkProgram.ts';
import { anyModule, generator } from './anyModule.ts';
import { type Interpreter, type Observed, observeHere } from './engines.ts';
import { hostileModule } from './hostileModule.ts';
import { observable } from './observable.ts';
import { executeProgram, runMetered, runPlain } from './runModule.ts';

/** Enough for every random module, and exact as a number. */
const FUEL = 1e12;
const STACK_BYTES = 1 << 20;
const PAGES = 3;

/** Each law takes a seed, throws when it does not hold, and gives how many runs of a module it made. */
export type Law = (seed: number) => number;

/** A metered module does what the module does when every NaN is made canonical at its source. */
export function meaningIsKept(seed: number): number {
  const { end, memory } = runMetered(anyModule(seed, { canonical: false }));
  deepStrictEqual({ end, memory }, runPlain(anyModule(seed, { canonical: true })), `seed ${seed}`);
  return 2;
}

/** A finished run repeats exactly, ends the same with the fuel it used, and is exhausted with less. */
export function fuelIsExact(seed: number): number {
  const bytes = anyModule(seed, { canonical: false });
  const first = runMetered(bytes);
  deepStrictEqual(runMetered(bytes), first, `seed ${seed}`);
  if (first.end !== 'done') return 2;
  deepStrictEqual(runMetered(bytes, first.fuelUsed), first, `seed ${seed}`);
  deepStrictEqual(runMetered(bytes, first.fuelUsed - 1n).end, 'fuel', `seed ${seed}`);
  return 4;
}

/** Another engine ends a metered module in the same way, with the same fuel, stack and memory. */
export const enginesAgree =
  (interpreter: Interpreter): Law =>
  (seed) =>
    compare(interpreter, meter(anyModule(seed, { canonical: false }), { maxMemoryPages: PAGES }), `seed ${seed}`);

/** A damaged module is refused with a type, or it is valid, stays valid when metered, and both engines agree on its run. */
export const damageIsRefused =
  (interpreter: Interpreter | undefined): Law =>
  (seed) => {
    const random = generator(seed);
    const damaged = anyModule(seed, { canonical: false });
    for (let i = random(4); i >= 0; i--) damaged[random(damaged.length)] = random(256);
    const bytes = random(8) === 0 ? damaged.slice(0, random(damaged.length)) : damaged;
    const { issues } = checkProgram(bytes);
    ok(
      issues.every(({ code }) => code.startsWith('program-')),
      `seed ${seed}`,
    );
    if (issues.length > 0) return 0;
    ok(WebAssembly.validate(bytes as BufferSource), `seed ${seed}: accepted, but not valid`);
    ok(WebAssembly.validate(meter(bytes, { maxMemoryPages: 65_536 }) as BufferSource), `seed ${seed}: not valid when metered`);
    const metered = meterWithin(bytes);
    return interpreter === undefined || metered === undefined ? 0 : compare(interpreter, metered, `seed ${seed}`, 1e5);
  };

/** Host calls with any arguments give an errno or a typed end, the same each time. */
export function hostileCallsAreHarmless(seed: number): number {
  const bytes = hostileModule(seed);
  const run = () => executeProgram(bytes, { fuel: 20_000_000n });
  const result = run();
  ok(['exit', 'fuel', 'output'].includes(result.end.kind), `seed ${seed}: ${JSON.stringify(result.end)}`);
  deepStrictEqual(run(), result, `seed ${seed}`);
  return 2;
}

/** Undefined for a module that starts with more memory. */
function meterWithin(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return meter(bytes, { maxMemoryPages: PAGES });
  } catch {
    return undefined;
  }
}

function compare(interpreter: Interpreter, metered: Uint8Array, message: string, fuel = FUEL): number {
  const bytes = observable(metered, { fuel, stackBytes: STACK_BYTES });
  let here: Observed;
  try {
    here = observeHere(bytes);
  } catch (error) {
    // A segment outside its memory or table: there is no instance to compare.
    if (error instanceof WebAssembly.RuntimeError) return 0;
    throw error;
  }
  deepStrictEqual(interpreter.observe(bytes), here, message);
  return 2;
}
