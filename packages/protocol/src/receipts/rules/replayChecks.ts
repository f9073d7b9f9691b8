import { type Address, type Hex, toUnixSeconds, ZERO_ADDRESS } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { deadlines } from '../../classic/deadlines.ts';
import { withoutPanic } from '../../uint256.ts';
import type { HubLog } from './hubLogs.ts';
import type { Replay } from './Replay.ts';
import type { RuleContext } from './RuleContext.ts';

/** Deadlines of the task; undefined where the terms overflow. */
export function timesOf({ receipt }: RuleContext) {
  const { startTime, timeref } = receipt.terms;
  return withoutPanic(() => deadlines({ startTime: toUnixSeconds(startTime), timeref }));
}

/** Contributions are accepted before the contribution deadline. */
export function checkContributionTime(context: RuleContext, { now }: HubLog): void {
  const limit = timesOf(context)?.contribution;
  context.findings.expect(
    'contribution-late',
    limit !== undefined && now < limit,
    `A contribution at ${now} came after the deadline ${limit}`,
  );
}

/** The score that the receipt states for the next contributor. */
export function takeScore({ contributions, context }: Replay, worker: Address): bigint {
  const entry = context.receipt.scores[contributions.length];
  context.findings.expect(
    'scores',
    entry?.worker === worker,
    `Contribution ${contributions.length + 1} is by ${worker}, which the scores do not say`,
  );
  return entry?.score ?? 0n;
}

/** Without a callback nothing may be passed to it; otherwise the bytes must hash to the digest. */
export function checkCallback({ context, digest }: Replay, resultsCallback: Hex): void {
  const none = context.receipt.orders.request.callback === ZERO_ADDRESS && resultsCallback === '0x';
  context.findings.expect(
    'finalize-callback',
    none || keccak256(resultsCallback) === digest,
    'What was passed to the callback is not the result',
  );
}
