import type { Address, ReasonCode } from '@gleaner/primitives';
import type { ReplicateView } from './TaskView.ts';

/** Failures that every honest worker meets alike: two distinct workers are believed. */
export const DETERMINISTIC_FAILURES = [
  'program-unknown-type',
  'program-not-wasm',
  'program-too-large',
  'program-invalid',
  'program-unsupported-feature',
  'program-unknown-import',
  'program-checksum-mismatch',
  'program-trapped',
  'program-exit-code',
  'fuel-exhausted',
  'stack-exhausted',
  'memory-exceeded',
  'output-too-large',
  'wall-time-exceeded',
  'result-invalid',
  'order-invalid',
  'bulk-invalid',
  'bulk-order-refused',
] as const satisfies readonly ReasonCode[];

/** Something the run needs cannot be had; it may lie with a worker's own connection, so three distinct workers are asked. */
export const SUPPLY_FAILURES = [
  'program-not-found',
  'input-missing',
  'input-unreachable',
  'content-not-found',
  'content-too-large',
] as const satisfies readonly ReasonCode[];

/** How many distinct workers must report this failure before it is held to be the program's; undefined for a worker's own trouble. */
function witnesses(code: ReasonCode, trust: bigint): number | undefined {
  if ((SUPPLY_FAILURES as readonly ReasonCode[]).includes(code)) return 3;
  if (!(DETERMINISTIC_FAILURES as readonly ReasonCode[]).includes(code)) return undefined;
  return trust <= 2n ? 1 : 2;
}

/**
 * The failure that ends the task, or undefined. Reports cost nothing while contributions are backed by stakes,
 * so a failure also needs more distinct witnesses than any result has agreeing contributions.
 * @param agreeing contributions of the most voted result
 */
export function programFailure(replicates: readonly ReplicateView[], trust: bigint, agreeing: number): ReasonCode | undefined {
  const workers = new Map<ReasonCode, Set<Address>>();
  for (const { worker, status, failure } of replicates) {
    if (status !== 'failed' || failure === undefined) continue;
    workers.set(failure, (workers.get(failure) ?? new Set()).add(worker));
  }
  for (const [code, { size }] of workers) {
    const needed = witnesses(code, trust);
    if (needed !== undefined && size >= needed && size > agreeing) return code;
  }
  return undefined;
}
