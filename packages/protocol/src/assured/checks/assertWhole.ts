import { outOfRange } from './outOfRange.ts';

/** @throws {GleanerError} bad-request unless the value is a whole number from `least` to `most` */
export function assertWhole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw outOfRange(field, value, `a whole number from ${least} to ${most}`);
}
