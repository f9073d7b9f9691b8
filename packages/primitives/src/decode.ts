import type { Bytes32, DealId, Hex, OrderHash, TaskId, UnixSeconds } from './brands.ts';
import { GleanerError } from './GleanerError.ts';

/** 0x, then 64 hexadecimal digits. */
const BYTES32 = /^0x[0-9a-fA-F]{64}$/;

function decodeBytes32As<T>(value: unknown, name: string): T {
  if (typeof value !== 'string' || !BYTES32.test(value)) {
    throw new GleanerError('bad-request', `${name} must be 0x and 64 hexadecimal digits, got ${show(value)}`, {
      details: { field: name, value: show(value) },
    });
  }
  return value.toLowerCase() as T;
}

/** @throws {GleanerError} bad-request when the value is not 0x and 64 hexadecimal digits */
export const decodeBytes32 = (value: unknown, name = 'value'): Bytes32 => decodeBytes32As(value, name);
/** @throws {GleanerError} bad-request */
export const decodeOrderHash = (value: unknown): OrderHash => decodeBytes32As(value, 'order hash');
/** @throws {GleanerError} bad-request */
export const decodeDealId = (value: unknown): DealId => decodeBytes32As(value, 'deal id');
/** @throws {GleanerError} bad-request */
export const decodeTaskId = (value: unknown): TaskId => decodeBytes32As(value, 'task id');

export function toUnixSeconds(seconds: number | bigint): UnixSeconds {
  return BigInt(typeof seconds === 'number' ? Math.floor(seconds) : seconds) as UnixSeconds;
}

export function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value);
}

/** A value shortened for an error message; never call it with a secret. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
