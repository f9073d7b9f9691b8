const MiB = 1024 * 1024;
/** Units of fuel per second of the category's time reference; one unit is about one WebAssembly instruction. */
const FUEL_PER_SECOND = 200_000_000n;

/** Bounds of one execution: units of fuel, bytes, files, milliseconds. */
export interface ExecutionLimits {
  readonly fuel: bigint;
  readonly memoryBytes: number;
  readonly stackBytes: number;
  readonly outputBytes: number;
  readonly outputFiles: number;
  readonly stdioBytes: number;
  readonly wallMs: number;
}

/**
 * Limits of one execution, from the category alone: every replicate of a task gets the same, so fuel, memory, stack and output
 * end a program at the same point on every machine. Only `wallMs` depends on the machine, and lies above what the fuel allows.
 * @param timeref time reference of the category, in seconds
 */
export function executionLimits(timeref: bigint): ExecutionLimits {
  return {
    fuel: FUEL_PER_SECOND * timeref,
    memoryBytes: 512 * MiB,
    stackBytes: 4 * MiB,
    outputBytes: 48 * MiB,
    outputFiles: 1024,
    stdioBytes: 1 * MiB,
    wallMs: Number(timeref) * 1000,
  };
}
