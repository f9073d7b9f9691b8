import { type AcceptanceThresholds, checkCredit, creditOfSeat, type HostileShare } from '@gleaner/protocol';

/**
 * The rule as specified (standard: every seat earns; high: the first), and others: they show what closing a gap would cost.
 * - every seat: 1 − f̂^(other seats) for each.
 * - by order: a seat earns 1 − f̂^(later seats). Who is seated later sees that strangers sit before it; a careful group is
 *   honest there and risks nothing, so that 1 − f̂^(other seats) counts checks that could not have failed.
 * - first seat: only the first seat earns anything, 1 − f̂^(other seats).
 * - by order, renewing: as by order, and thresholds are raised by `renewalFactor`.
 */
export const RULE_VARIANTS = ['specified', 'every seat', 'by order', 'first seat', 'by order, renewing'] as const;
export type RuleVariant = (typeof RULE_VARIANTS)[number];

export function variantThresholds(thresholds: AcceptanceThresholds, variant: RuleVariant): AcceptanceThresholds {
  if (variant !== 'by order, renewing') return thresholds;
  return thresholds.map((least, seats) => (least === 0 || seats === 0 ? least : Math.ceil(least * renewalFactor(seats))));
}

/**
 * What the operator of this seat, counted from 0, earns of a batch with so many unanimous seats.
 * @returns units, as `checkCredit`
 */
export function variantCredit({
  variant,
  share,
  seats,
  seat,
}: {
  readonly variant: RuleVariant;
  readonly share: HostileShare;
  readonly seats: number;
  readonly seat: number;
}): number {
  if (variant === 'specified') return creditOfSeat(share, seats, seat + 1);
  if (variant === 'every seat') return checkCredit(share, seats);
  if (variant === 'first seat') return seat === 0 ? checkCredit(share, seats) : 0;
  return checkCredit(share, seats - seat);
}

/**
 * How much more credibility n seats need when convicted members come back at once.
 * The rule takes the chance that a group cheats now and n members with K_1 … K_n were never caught as s(1 − s)^ΣK, at most
 * 1/(e·ΣK): right when all of them began together. When names are renewed, the ages of n members are independent and
 * geometric, and their sum reaches ΣK with probability e^(−x)·(1 + x + … + x^(n−1)/(n−1)!), x = s·ΣK. The worst x gives the factor.
 */
function renewalFactor(seats: number): number {
  let worst = 0;
  for (let x = 0.01; x < 4 * seats + 8; x += 0.01) {
    let term = 1;
    let tail = 0;
    for (let members = 0; members < seats; members += 1) {
      tail += term;
      term *= x / (members + 1);
    }
    worst = Math.max(worst, x * Math.exp(-x) * tail);
  }
  return worst * Math.E;
}
