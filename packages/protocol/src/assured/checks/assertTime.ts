import type { UnixSeconds } from '@gleaner/primitives';
import { assertAmount } from './assertAmount.ts';

/** Times are kept in 48 bits on chain. */
const MAX_TIME = 2n ** 48n - 1n;
/** Time references are kept in 32 bits, in seconds. */
const MAX_TIMEREF = 2n ** 32n - 1n;

export const isTime = (value: unknown): value is UnixSeconds => typeof value === 'bigint' && value >= 0n && value <= MAX_TIME;

/** @throws {GleanerError} bad-request for a time outside 0 … 2^48 − 1 */
export const assertTime = (field: string, value: UnixSeconds): void => assertAmount(field, value, 0n, MAX_TIME);

/** @throws {GleanerError} bad-request for a time reference outside 1 … 2^32 − 1 seconds */
export const assertTimeref = (value: bigint): void => assertAmount('timeref', value, 1n, MAX_TIMEREF);
