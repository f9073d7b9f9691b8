import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { meter } from '../src/checkProgram.ts';
import { encodeModule, i32 } from './encodeModule.ts';
import { Interpreter, observeHere } from './engines.ts';
import { damageIsRefused, enginesAgree } from './laws.ts';
import { observable } from './observable.ts';

const RUNS = Number(process.env['GLEANER_DEEP'] ?? 0) > 0 ? 5_000 : 50;
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const interpreter = Interpreter.find();
if (interpreter === undefined) console.warn('no second engine: wasm-interp of the Debian package wabt is not installed');
afterAll(() => interpreter?.close());

describe.skipIf(interpreter === undefined)('a second engine', () => {
  const second = interpreter as Interpreter;

  it('gives the same end, fuel, stack and memory for a random metered module', () => {
    fc.assert(
      fc.property(seeds, (seed) => void enginesAgree(second)(seed)),
      { numRuns: RUNS },
    );
  });

  it('agrees on damaged modules that are still valid', () => {
    fc.assert(
      fc.property(seeds, (seed) => void damageIsRefused(second)(seed)),
      { numRuns: 5 * RUNS },
    );
  });

  it('would show a difference', () => {
    const run = (code: readonly number[]) => {
      const metered = meter(encodeModule({ functions: [{ code }] }), { maxMemoryPages: 1 });
      const bytes = observable(metered, { fuel: 1000, stackBytes: 65_536 });
      expect(second.observe(bytes)).toEqual(observeHere(bytes));
      return second.observe(bytes);
    };
    const [nothing, work, trap] = [run([]), run([...i32(8), ...i32(1), 0x36, 2, 0]), run([0x00])];
    expect(new Set([nothing.memory, work.memory]).size).toBe(2);
    expect(Number(nothing.fuel) - Number(work.fuel)).toBe(4);
    expect([nothing.end, trap.end]).toEqual(['done', 'unreachable']);
  });
});
