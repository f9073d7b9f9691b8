import { HOSTILE_SHARES, type HostileShare } from '@gleaner/protocol';
import { changingAttacks, shy, shyReturning, steadyAttacks } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { RULE_VARIANTS } from '../ruleVariants.ts';
import { cellOf, SHARES, type Size, TRUSTS } from './cells.ts';

const OPERATORS = 100;
/** The largest hostile share that the promise withstands: f̂. */
function designShare(share: HostileShare): number {
  const { hostile, of } = HOSTILE_SHARES[share];
  return Number(hostile) / Number(of);
}

/** Every strategy at f = f̂, ours alone, 1e4 draws per operator (a quick run: 2 000). */
export function cunningTable(size: Size): Cell[] {
  const isFull = size === 'full';
  const rates = isFull ? [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.1, 1] : [0.001, 0.03];
  return rates.flatMap((rate) => {
    // At high rates most draws end in disputes, and there are no errors to count.
    const repetitions = !isFull || rate >= 0.1 ? 1 : 10;
    const base = { table: 'cunning', operators: OPERATORS, draws: (isFull ? 10_000 : 2_000) * OPERATORS, repetitions };
    return [...steadyAttacks(rate), ...changingAttacks(rate)].flatMap((attack) =>
      TRUSTS.flatMap((trust) => SHARES.map((share) => cellOf({ ...base, attack, trust, share, f: designShare(share) }))),
    );
  });
}

/** The two strategies that come closest to ε, or pass it, by the rule as specified and by others that ask for more. */
export function variantTable(size: Size): Cell[] {
  const isFull = size === 'full';
  const base = {
    table: 'variants',
    operators: OPERATORS,
    draws: 10_000 * OPERATORS,
    repetitions: isFull ? 20 : 1,
    f: designShare('standard'),
  };
  const rates: readonly (readonly [trust: number, rates: readonly number[]])[] = isFull
    ? [
        [100, [0.01, 0.1, 0.3]],
        [10_000, [0.0003, 0.001, 0.003, 0.01]],
        [1_000_000, [0.0001, 0.0003, 0.001, 0.003]],
      ]
    : [
        [10_000, [0.003]],
        [1_000_000, [0.001]],
      ];
  return rates.flatMap(([trust, list]) =>
    list.flatMap((rate) =>
      [shy(rate), shyReturning(rate)].flatMap((attack) =>
        RULE_VARIANTS.map((variant) => cellOf({ ...base, attack, trust, variant, labels: { rule: variant } })),
      ),
    ),
  );
}
