export type { ProgramCheck, ProgramKind } from './checkProgram.ts';
export { checkProgram, METER_VERSION, meter } from './checkProgram.ts';
export type { Overhead, OverheadOptions } from './measureOverhead.ts';
export { measureOverhead } from './measureOverhead.ts';
export type { Execution, ExecutionEnd, ExecutionResult } from './runner/execute.ts';
export { execute } from './runner/execute.ts';
export type { TrapKind } from './runner/trapKind.ts';
export type {
  HostReport,
  Isolation,
  Job,
  Limits,
  Outcome,
  ProgramIssue,
  RunEvent,
  RunExited,
  RunFailed,
  RunFailureCode,
  Runner,
} from './runner/types.ts';
export { DEFAULT_LIMITS, MAX_INPUTS_BYTES } from './runner/types.ts';
export type { WasiRunnerOptions } from './runner/WasiRunner.ts';
export { createWasiRunner } from './runner/WasiRunner.ts';
export { failureOf, type RunFailure } from './task/failureOf.ts';
export { type TaskFiles, type TaskTerms, taskJob } from './task/taskJob.ts';
export { EPOCH_NS } from './wasi/clock.ts';
export { WASI_FUNCTION_NAMES } from './wasi/surface.ts';
export { MAX_MODULE_BYTES } from './wasm/limits.ts';
