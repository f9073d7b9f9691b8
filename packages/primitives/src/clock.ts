import type { UnixSeconds } from './brands.ts';

/** Wall clock as a port; rules take `now` as an argument instead. */
export interface Clock {
  nowMs(): number;
}

/** Randomness as a port: `length` bytes, cryptographically secure outside tests. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export function nowSeconds(clock: Clock): UnixSeconds {
  return BigInt(Math.floor(clock.nowMs() / 1000)) as UnixSeconds;
}
