import { GleanerError } from '@gleaner/primitives';

export const MAX_UINT256 = 2n ** 256n - 1n;

/** Solidity's checked arithmetic refused: code 0x11 overflow or underflow, 0x12 division by zero. */
export class SolidityPanic extends GleanerError {
  readonly panic: number;

  constructor(panic: number, operation: string) {
    super('chain-reverted', `The contract panics with 0x${panic.toString(16)} at ${operation}`, { details: { panic, operation } });
    this.name = 'SolidityPanic';
    this.panic = panic;
  }
}

function inRange(value: bigint, operation: string): bigint {
  if (value < 0n || value > MAX_UINT256) throw new SolidityPanic(0x11, operation);
  return value;
}

/** What `compute` gives; undefined where the contract would panic. */
export function withoutPanic<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof SolidityPanic) return undefined;
    throw error;
  }
}

/** @throws {SolidityPanic} 0x11 above 2^256 − 1 */
export const checkedAdd = (a: bigint, b: bigint): bigint => inRange(a + b, 'addition');
/** @throws {SolidityPanic} 0x11 below 0 */
export const checkedSub = (a: bigint, b: bigint): bigint => inRange(a - b, 'subtraction');
/** @throws {SolidityPanic} 0x11 above 2^256 − 1 */
export const checkedMul = (a: bigint, b: bigint): bigint => inRange(a * b, 'multiplication');

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** floor(value · percent / 100), the product checked as in the contract. */
export const percentDown = (value: bigint, percent: bigint): bigint => checkedMul(value, percent) / 100n;
