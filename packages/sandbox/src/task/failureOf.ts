import type { ReasonCode } from '@gleaner/primitives';
import type { Outcome } from '../runner/types.ts';

/** Why a run has no result. */
export interface RunFailure {
  readonly code: ReasonCode;
  readonly message: string;
  /** True when every honest host ends in the same failure. */
  readonly deterministic: boolean;
}

/** Why a task whose program ended so has no result; undefined when it has one. */
export function failureOf(outcome: Outcome): RunFailure | undefined {
  if (outcome.status === 'failed') {
    const { code, message, deterministic } = outcome;
    return { code, message, deterministic };
  }
  if (outcome.exitCode === 0) return undefined;
  return {
    code: 'program-exit-code',
    message: `The program ended with exit code ${outcome.exitCode}, expected 0`,
    deterministic: true,
  };
}
