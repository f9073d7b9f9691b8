import { GleanerError, show } from '@gleaner/primitives';

/** Digits before and after the point, and an exponent, of a number from 0 up. */
const DECIMAL = /^\+?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Decimal digits that a double always keeps. */
const DIGITS = 15;

/** value = units / 10^scale */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

function parseDecimal(text: string): Decimal | undefined {
  const [, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === undefined || text.length > 400) return undefined;
  const scale = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/**
 * Trust that an order must ask for to get this confidence: ceil(1 / (1 − confidence)), on the decimal digits as written.
 * Rounded up, so the run never gives less confidence than asked.
 * @param confidence from 0 up to but not including 1; text keeps more digits than a number
 * @throws {GleanerError} bad-request outside that range
 */
export function trustOf(confidence: number | string): bigint {
  const decimal = parseDecimal(String(confidence).trim());
  const one = decimal === undefined ? 0n : 10n ** BigInt(decimal.scale);
  if (decimal === undefined || decimal.units >= one) {
    throw new GleanerError('bad-request', `Confidence must be a number from 0 up to, but not, 1, such as 0.999; got ${show(confidence)}`, {
      details: { field: 'confidence', value: String(confidence) },
    });
  }
  const doubt = one - decimal.units;
  return (one + doubt - 1n) / doubt;
}

/**
 * Confidence that a trust stands for: 1 − 1/trust, rounded down to 15 decimal places, so it never promises more than the trust gives.
 * `trustOf(confidenceOf(t))` is never above t, and is t for every t up to 10^7.
 * Trust 0 counts as 1. Above 10^15 the answer stays at 0.999999999999999.
 */
export function confidenceOf(trust: bigint): number {
  if (trust <= 1n) return 0;
  const one = 10n ** BigInt(DIGITS);
  return Number(`0.${(((trust - 1n) * one) / trust).toString().padStart(DIGITS, '0')}`);
}
