import { createHash } from 'node:crypto';
import { meter } from '../src/checkProgram.ts';
import { type Execution, type ExecutionResult, execute } from '../src/runner/execute.ts';
import { trapKind } from '../src/runner/trapKind.ts';

/** Where a run ended and what it left in memory. */
export interface Left {
  readonly end: string;
  readonly memory: string;
}

const digest = (memory: WebAssembly.Memory): string =>
  createHash('sha256').update(new Uint8Array(memory.buffer)).digest('hex').slice(0, 16);

/** Runs an unmetered module without imports. */
export function runPlain(bytes: Uint8Array): Left {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
  return leftBy(exports['memory'] as WebAssembly.Memory, exports['_start'] as () => void);
}

export interface MeteredLeft extends Left {
  readonly fuelUsed: bigint;
  readonly stackLeft: number;
}

/** Meters and runs a module without imports. */
export function runMetered(bytes: Uint8Array, fuel = 1n << 40n, stack = 1 << 20): MeteredLeft {
  const module = new WebAssembly.Module(meter(bytes, { maxMemoryPages: 3 }) as BufferSource);
  const { exports } = new WebAssembly.Instance(module);
  const fuelGlobal = exports['gleaner:fuel'] as WebAssembly.Global;
  const stackGlobal = exports['gleaner:stack'] as WebAssembly.Global;
  fuelGlobal.value = fuel;
  stackGlobal.value = stack;
  const left = leftBy(exports['memory'] as WebAssembly.Memory, exports['gleaner:run'] as () => void);
  const exhausted = (fuelGlobal.value as bigint) < 0n ? 'fuel' : stackGlobal.value < 0 ? 'stack' : left.end;
  return { ...left, end: exhausted, fuelUsed: fuel - (fuelGlobal.value as bigint), stackLeft: stackGlobal.value };
}

function leftBy(memory: WebAssembly.Memory, run: () => void): Left {
  try {
    run();
    return { end: 'done', memory: digest(memory) };
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return { end: trapKind(error.message), memory: digest(memory) };
  }
}

/** Runs a program in this process with small limits. */
export function executeProgram(bytes: Uint8Array, change: Partial<Execution> = {}, maxMemoryPages = 256): ExecutionResult {
  const module = new WebAssembly.Module(meter(bytes, { maxMemoryPages }) as BufferSource);
  return execute(module, {
    args: ['program'],
    env: {},
    seed: new Uint8Array(32).fill(7),
    fuel: 1n << 40n,
    stackBytes: 1 << 20,
    outputBytes: 1 << 20,
    outputFiles: 100,
    stdioBytes: 1 << 16,
    inputs: [],
    ...change,
  });
}
