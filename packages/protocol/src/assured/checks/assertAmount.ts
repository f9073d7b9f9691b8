import { MAX_UINT256 } from '../../uint256.ts';
import { outOfRange } from './outOfRange.ts';

/** @throws {GleanerError} bad-request unless the value is a bigint from `least` to `most` */
export function assertAmount(field: string, value: bigint, least = 0n, most = MAX_UINT256): void {
  if (typeof value === 'bigint' && value >= least && value <= most) return;
  throw outOfRange(field, value, `a whole amount (bigint) from ${least} to ${most === MAX_UINT256 ? '2^256 − 1' : most}`);
}

/** @throws {GleanerError} bad-request unless each value is a bigint from 0 to 2^256 − 1 */
export function assertAmounts(amounts: Readonly<Record<string, bigint>>): void {
  for (const [field, value] of Object.entries(amounts)) assertAmount(field, value);
}
