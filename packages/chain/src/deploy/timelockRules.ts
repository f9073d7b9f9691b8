import { GleanerError } from '@gleaner/primitives';

/**
 * Five days: longer than a task of any standard category lasts (XL: 100 h), so all that is locked when an upgrade is announced comes free,
 * and can be withdrawn, before it takes effect.
 */
export const DEFAULT_TIMELOCK_DELAY_SEC = 432_000;
const LEAST_TIMELOCK_DELAY_SEC = 3_600;
const GREATEST_TIMELOCK_DELAY_SEC = 2_592_000;

/** @throws {GleanerError} bad-request outside one hour to 30 days */
export function assertTimelockDelay(delaySec: number): void {
  if (Number.isInteger(delaySec) && delaySec >= LEAST_TIMELOCK_DELAY_SEC && delaySec <= GREATEST_TIMELOCK_DELAY_SEC) return;
  throw new GleanerError(
    'bad-request',
    `The delay of the timelock must be ${LEAST_TIMELOCK_DELAY_SEC} to ${GREATEST_TIMELOCK_DELAY_SEC} seconds, got ${delaySec}`,
    { details: { delaySec } },
  );
}
