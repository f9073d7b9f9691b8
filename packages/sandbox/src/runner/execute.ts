import type { OutputEntry } from '../wasi/FileTree.ts';
import { RunEnd, type RunEndReason } from '../wasi/RunEnd.ts';
import { createWasiHost, type WasiHost, type WasiOptions } from '../wasi/wasiHost.ts';
import { type TrapKind, trapKind } from './trapKind.ts';

/** One run of a metered module. */
export interface Execution extends WasiOptions {
  readonly fuel: bigint;
  readonly stackBytes: number;
  readonly inputs: readonly { readonly name: string; readonly content: Uint8Array }[];
}

/** How a run ended. `host` is the only end that another host need not see. */
export type ExecutionEnd =
  | RunEndReason
  | { readonly kind: 'trap'; readonly trap: TrapKind }
  | { readonly kind: 'stack' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'host'; readonly message: string };

export interface ExecutionResult {
  readonly end: ExecutionEnd;
  readonly fuelUsed: bigint;
  /** Size of the program's memory at the end; it never shrinks. */
  readonly memoryBytes: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly outputs: readonly OutputEntry[];
}

/** Exports of a module rewritten by `meterModule`. */
interface MeteredExports {
  readonly memory: WebAssembly.Memory;
  readonly 'gleaner:run': () => void;
  readonly 'gleaner:fuel': WebAssembly.Global;
  readonly 'gleaner:stack': WebAssembly.Global;
  readonly 'gleaner:refused-growth': WebAssembly.Global;
  readonly 'gleaner:host-memory': WebAssembly.Global;
}

/** Runs a metered module in this process with a fresh instance, memory and file tree. Never throws; takes as long as its fuel lasts. */
export function execute(module: WebAssembly.Module, execution: Execution): ExecutionResult {
  const host = createWasiHost(execution);
  for (const { name, content } of execution.inputs) host.tree.addInput(name, content);
  let exports: MeteredExports | undefined;
  let thrown: unknown;
  try {
    exports = instantiate(module, host, execution);
    exports['gleaner:run']();
  } catch (error) {
    thrown = error;
  }
  const end = endOf(thrown, exports);
  return {
    ...withOutputs(host, end),
    fuelUsed: exports === undefined ? 0n : fuelUsed(exports, execution.fuel),
    memoryBytes: exports?.memory.buffer.byteLength ?? 0,
    stdout: host.stdout.content(),
    stderr: host.stderr.content(),
  };
}

function instantiate(module: WebAssembly.Module, host: WasiHost, { fuel, stackBytes }: Execution): MeteredExports {
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.imports });
  const exports = instance.exports as unknown as MeteredExports;
  const left = exports['gleaner:fuel'];
  left.value = fuel;
  exports['gleaner:stack'].value = stackBytes;
  host.bind(exports.memory, {
    used: () => fuel - left.value,
    charge: (amount) => {
      left.value -= BigInt(amount);
      if (left.value < 0n) throw new RunEnd({ kind: 'fuel' });
    },
  });
  return exports;
}

/** A run that used more than its fuel has used exactly its fuel. */
function fuelUsed(exports: MeteredExports, limit: bigint): bigint {
  const left = exports['gleaner:fuel'].value as bigint;
  return left < 0n ? limit : limit - left;
}

/** What ended the run. Exhausted fuel wins over any other end, so a run that succeeds with some fuel does so with more. */
function endOf(thrown: unknown, exports: MeteredExports | undefined): ExecutionEnd {
  if (exports === undefined) return endOfStart(thrown);
  if (exports['gleaner:host-memory'].value !== 0) return { kind: 'host', message: 'the host has no memory for the program' };
  if ((exports['gleaner:fuel'].value as bigint) < 0n) return { kind: 'fuel' };
  if (exports['gleaner:stack'].value < 0) return { kind: 'stack' };
  if (thrown === undefined) return { kind: 'exit', exitCode: 0 };
  if (thrown instanceof RunEnd) return thrown.reason;
  if (!(thrown instanceof WebAssembly.RuntimeError)) return { kind: 'host', message: String(thrown) };
  return exports['gleaner:refused-growth'].value > 0 ? { kind: 'memory' } : { kind: 'trap', trap: trapKind(thrown.message) };
}

/** Without an instance: a segment outside its memory or table is the program's trap, anything else the host's. */
function endOfStart(thrown: unknown): ExecutionEnd {
  if (thrown instanceof WebAssembly.RuntimeError) return { kind: 'trap', trap: trapKind(thrown.message) };
  return { kind: 'host', message: String(thrown) };
}

function withOutputs(host: WasiHost, end: ExecutionEnd): Pick<ExecutionResult, 'end' | 'outputs'> {
  try {
    return { end, outputs: host.tree.outputs() };
  } catch (error) {
    if (error instanceof RunEnd) return { end: error.reason, outputs: [] };
    throw error;
  }
}
