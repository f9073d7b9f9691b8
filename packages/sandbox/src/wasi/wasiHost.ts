import { FuelClock } from './clock.ts';
import { Descriptors } from './Descriptors.ts';
import { descriptorCalls } from './descriptorCalls.ts';
import { ERRNO, fail, WasiFailure } from './errno.ts';
import { FileTree } from './FileTree.ts';
import { GuestMemory } from './GuestMemory.ts';
import { OutputStream } from './OutputStream.ts';
import { pathCalls } from './pathCalls.ts';
import { processCalls } from './processCalls.ts';
import { RandomStream } from './RandomStream.ts';
import { WASI_FUNCTION_NAMES, type WasiFunctionName } from './surface.ts';

/** What one run gives its program. */
export interface WasiOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly outputBytes: number;
  readonly outputFiles: number;
  /** Per stream. */
  readonly stdioBytes: number;
}

/** The program's fuel as the host sees it during a call. */
interface FuelGauge {
  readonly used: () => bigint;
  /** Takes fuel; ends the run when none is left. */
  readonly charge: (amount: number) => void;
}

/** What the calls of one run share. */
export interface WasiContext {
  readonly options: WasiOptions;
  readonly memory: GuestMemory;
  readonly tree: FileTree;
  readonly descriptors: Descriptors;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: FuelClock;
  readonly random: RandomStream;
  /** Charges for `bytes` moved by the host, as if the program had moved them. */
  readonly chargeBytes: (bytes: number) => void;
}

/** A call gets its arguments as the engine passes them (i32 signed, i64 as bigint) and gives an errno; anything but a number is success. */
type WasiCall = (...args: never[]) => unknown;
export type WasiCalls = Partial<Record<WasiFunctionName, WasiCall>>;

export interface WasiHost {
  readonly imports: WebAssembly.ModuleImports;
  readonly tree: FileTree;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Must be called before the program starts. */
  readonly bind: (memory: WebAssembly.Memory, fuel: FuelGauge) => void;
}

/** Fuel per 8 bytes moved by the host. */
const BYTES_PER_FUEL = 8;

/** Deterministic WASI preview 1 for one run: every answer follows from the options, the input files and the calls made so far. */
export function createWasiHost(options: WasiOptions): WasiHost {
  let bound: { memory: GuestMemory; fuel: FuelGauge } | undefined;
  const gauge = (): FuelGauge => bound?.fuel ?? fail(ERRNO.fault);
  const chargeBytes = (bytes: number): void => gauge().charge(Math.ceil(bytes / BYTES_PER_FUEL));
  const tree = new FileTree({ ...options, charge: chargeBytes });
  const context = {
    options,
    tree,
    get memory() {
      return bound?.memory ?? fail(ERRNO.fault);
    },
    descriptors: new Descriptors(tree),
    stdout: new OutputStream('stdout', options.stdioBytes),
    stderr: new OutputStream('stderr', options.stdioBytes),
    clock: new FuelClock(() => gauge().used()),
    random: new RandomStream(options.seed),
    chargeBytes,
  };
  return {
    imports: importObject({ ...processCalls(context), ...descriptorCalls(context), ...pathCalls(context) }),
    tree,
    stdout: context.stdout,
    stderr: context.stderr,
    bind: (memory, fuel) => {
      bound = { memory: new GuestMemory(memory), fuel };
    },
  };
}

/** Functions that are missing answer ENOSYS. */
function importObject(calls: WasiCalls): WebAssembly.ModuleImports {
  return Object.fromEntries(WASI_FUNCTION_NAMES.map((name) => [name, guarded(calls[name])]));
}

function guarded(call: WasiCall | undefined): (...args: never[]) => number {
  return (...args) => {
    try {
      const errno = call === undefined ? ERRNO.noSystemCall : call(...args);
      return typeof errno === 'number' ? errno : ERRNO.success;
    } catch (error) {
      if (error instanceof WasiFailure) return error.errno;
      throw error;
    }
  };
}
