import type { UnixSeconds } from '@gleaner/primitives';
import { checkedAdd, checkedMul } from '../uint256.ts';
import { CONTRIBUTION_DEADLINE_RATIO, FINAL_DEADLINE_RATIO, REVEAL_DEADLINE_RATIO } from './constants.ts';

const after = (start: UnixSeconds, ratio: bigint, timeref: bigint): UnixSeconds =>
  checkedAdd(start, checkedMul(ratio, timeref)) as UnixSeconds;

/**
 * Contributions are accepted before `contribution`; finalize is before `final`, claim from `final` on.
 * @param startTime when the orders were matched, not when the task was initialised
 * @param timeref T of the category, read when the task is initialised
 */
export function deadlines({ startTime, timeref }: { startTime: UnixSeconds; timeref: bigint }): {
  readonly contribution: UnixSeconds;
  readonly final: UnixSeconds;
} {
  return {
    contribution: after(startTime, CONTRIBUTION_DEADLINE_RATIO, timeref),
    final: after(startTime, FINAL_DEADLINE_RATIO, timeref),
  };
}

/** Reveals are accepted before this time. */
export function revealDeadline(consensusAt: UnixSeconds, timeref: bigint): UnixSeconds {
  return after(consensusAt, REVEAL_DEADLINE_RATIO, timeref);
}
