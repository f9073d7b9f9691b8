import { GleanerError } from '@gleaner/primitives';
import { outOfRange } from './checks/outOfRange.ts';

/**
 * Share f̂ of the eligible stake that a deal is designed to withstand in hostile hands, as `hostile / of`.
 * The odds of an honest seat are G = (1 − f̂)/f̂ = (of − hostile) : hostile, that is 4 : 1 and 13 : 7.
 */
export const HOSTILE_SHARES = {
  standard: { hostile: 1n, of: 5n },
  high: { hostile: 7n, of: 20n },
} as const satisfies Record<string, { readonly hostile: bigint; readonly of: bigint }>;

export type HostileShare = keyof typeof HOSTILE_SHARES;
export const HOSTILE_SHARE_NAMES = ['standard', 'high'] as const satisfies readonly HostileShare[];

/** @throws {GleanerError} order-invalid for anything else than the two names */
export function assertShare(share: HostileShare): void {
  if (share === 'standard' || share === 'high') return;
  const { message, details } = outOfRange('share', share, 'standard or high');
  throw new GleanerError('order-invalid', message, { details });
}

/** f̂ as `hostile / of`. @throws {GleanerError} order-invalid for an unknown share */
export function hostileShare(share: HostileShare): { readonly hostile: bigint; readonly of: bigint } {
  assertShare(share);
  return HOSTILE_SHARES[share];
}

/** G of a share as `honest : hostile`, in lowest terms. @throws {GleanerError} order-invalid for an unknown share */
export function honestOdds(share: HostileShare): { readonly honest: bigint; readonly hostile: bigint } {
  const { hostile, of } = hostileShare(share);
  return { honest: of - hostile, hostile };
}

/** Least n in 0 … with G^n ≥ target, exactly. Cost: n multiplications of numbers of 4·n bits. */
export function leastPowerOfOdds(share: HostileShare, target: bigint): number {
  const { honest, hostile } = honestOdds(share);
  let numerator = 1n;
  let denominator = 1n;
  let power = 0;
  while (numerator < target * denominator) {
    numerator *= honest;
    denominator *= hostile;
    power += 1;
  }
  return power;
}
