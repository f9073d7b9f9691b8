import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trapKind } from '../src/runner/trapKind.ts';

/** What an observable module says after its run, whichever engine ran it. */
export interface Observed {
  /** `done` or the trap. */
  readonly end: string;
  /** Fuel and stack left, and the hash of the memory, as unsigned decimal numbers. */
  readonly fuel: string;
  readonly stack: string;
  readonly memory: string;
}

/** Runs an observable module in the engine of this process. */
export function observeHere(bytes: Uint8Array): Observed {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
  const call = (name: string): unknown => (exports[name] as () => unknown)();
  call('setup');
  const end = endOf(() => call('gleaner:run'));
  return {
    end,
    fuel: BigInt.asUintN(64, call('fuel') as bigint).toString(),
    stack: ((call('stack') as number) >>> 0).toString(),
    memory: BigInt.asUintN(64, call('memory-hash') as bigint).toString(),
  };
}

function endOf(run: () => void): string {
  try {
    run();
    return 'done';
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const kind = trapKind(error.message);
    return kind === 'integer-overflow' || kind === 'invalid-conversion' ? NUMBER_TRAP : kind;
  }
}

/** Conversion out of range and division overflow: one interpreter names them by cause, another by instruction. */
const NUMBER_TRAP = 'number-out-of-range';

/** How wabt's interpreter names the traps. */
const INTERPRETER_TRAPS: readonly (readonly [RegExp, string])[] = [
  [/unreachable executed/, 'unreachable'],
  [/undefined table index|out of bounds table access/, 'table-out-of-bounds'],
  [/uninitialized table element|indirect call signature mismatch/, 'indirect-call'],
  [/out of bounds memory access/, 'memory-out-of-bounds'],
  [/integer divide by zero/, 'divide-by-zero'],
  [/integer overflow|invalid conversion to integer/, NUMBER_TRAP],
];

/** A slow interpreter that shares no code with V8: `wasm-interp` of wabt. */
export class Interpreter {
  readonly version: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'gleaner-interpreter-'));

  private constructor(version: string) {
    this.version = version;
  }

  /** Undefined when wabt is not installed. */
  static find(): Interpreter | undefined {
    try {
      return new Interpreter(execFileSync('wasm-interp', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
    } catch {
      return undefined;
    }
  }

  /** @throws when the interpreter refuses the module or crashes */
  observe(bytes: Uint8Array): Observed {
    const file = join(this.#folder, 'module.wasm');
    writeFileSync(file, bytes);
    const { stdout, stderr, signal } = spawnSync('wasm-interp', [file, '--run-all-exports'], { encoding: 'utf8' });
    const results = new Map(stdout.split('\n').map((line) => line.split('() => ') as [string, string]));
    const value = (name: string): string => {
      const text = results.get(name)?.replace(/^i\d\d:/, '');
      if (text === undefined) throw new Error(`the interpreter gave no ${name}: ${signal ?? ''} ${stdout} ${stderr}`);
      return text;
    };
    return { end: interpreterEnd(results.get('gleaner:run')), fuel: value('fuel'), stack: value('stack'), memory: value('memory-hash') };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function interpreterEnd(said: string | undefined): string {
  if (said === undefined || !said.startsWith('error: ')) return 'done';
  return INTERPRETER_TRAPS.find(([pattern]) => pattern.test(said))?.[1] ?? said;
}
