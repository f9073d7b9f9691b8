import type { ExecutionEnd } from './execute.ts';
import type { Limits, Outcome, ProgramIssue, RunFailed, RunFailureCode } from './types.ts';

const NOTHING = new Uint8Array();

interface FailureDetails {
  readonly details?: Readonly<Record<string, string | number>>;
  readonly deterministic?: boolean;
  readonly stdout?: Uint8Array;
  readonly stderr?: Uint8Array;
  readonly fuelUsed?: bigint;
}

export function failed(code: RunFailureCode, message: string, rest: FailureDetails = {}): RunFailed {
  return { status: 'failed', code, message, details: {}, deterministic: false, stdout: NOTHING, stderr: NOTHING, ...rest };
}

/** A program that cannot run fails in the same way on every host. */
export function refused({ code, message, details }: ProgramIssue): RunFailed {
  const deterministic = true;
  return failed(code === 'program-unknown-type' ? 'program-not-wasm' : code, message, { details, deterministic });
}

/** What the sandbox reported about one run, checked. */
export interface RunReport {
  readonly end: ExecutionEnd;
  readonly fuelUsed: bigint;
  readonly memoryBytes: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** The outcome of a run whose sandbox survived it. */
export function outcomeOf(report: RunReport, limits: Limits, wallMs: number): Outcome {
  const { end, fuelUsed, memoryBytes, stdout, stderr } = report;
  const rest = { stdout, stderr, fuelUsed, deterministic: true };
  switch (end.kind) {
    case 'exit':
      return { status: 'exited', exitCode: end.exitCode, fuelUsed, stdout, stderr, wallMs, memoryPeakBytes: memoryBytes };
    case 'fuel':
      return failed('fuel-exhausted', `The program used up its ${limits.fuel} units of fuel`, {
        ...rest,
        details: { limit: `${limits.fuel}` },
      });
    case 'stack':
      return failed('stack-exhausted', `The program needs more than ${limits.stackBytes} bytes of call stack`, {
        ...rest,
        details: { limitBytes: limits.stackBytes },
      });
    case 'memory':
      return failed('memory-exceeded', `The program stopped after it was refused more than ${limits.memoryBytes} bytes of memory`, {
        ...rest,
        details: { limitBytes: limits.memoryBytes },
      });
    case 'trap':
      return failed('program-trapped', `The program trapped: ${end.trap}`, { ...rest, details: { trap: end.trap } });
    case 'output':
      return failed('output-too-large', `The program's ${OUTPUTS[end.what]} went over ${end.limit}`, {
        ...rest,
        details: { what: end.what, limit: end.limit },
      });
    case 'host':
      return failed('sandbox-crashed', `The sandbox could not run the program: ${end.message}`, { ...rest, deterministic: false });
  }
}

const OUTPUTS = {
  bytes: 'output bytes',
  files: 'number of output files',
  path: 'longest output path (bytes)',
  stdout: 'bytes on stdout',
  stderr: 'bytes on stderr',
} as const;
