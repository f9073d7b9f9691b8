import { outOfRange } from './outOfRange.ts';

const HEX = /^0x[0-9a-fA-F]*$/;

/** Whether the text is 0x and so many bytes in hex, in either case. */
export function isBytes(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === 2 + 2 * length && HEX.test(value);
}

/** @throws {GleanerError} bad-request unless the text is 0x and so many bytes in hex */
export function assertBytes(field: string, value: unknown, length: number): void {
  if (!isBytes(value, length)) throw outOfRange(field, value, `0x and ${2 * length} hexadecimal digits`);
}

/** @throws {GleanerError} bad-request unless the text is 0x and 64 hexadecimal digits */
export const assertWord = (field: string, value: unknown): void => assertBytes(field, value, 32);
