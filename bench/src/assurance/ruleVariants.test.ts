import { acceptanceThresholds, checkCredit, creditOfSeat, HOSTILE_SHARE_NAMES } from '@gleaner/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULE_VARIANTS, variantCredit, variantThresholds } from './ruleVariants.ts';

const anyShare = fc.constantFrom(...HOSTILE_SHARE_NAMES);
const anyVariant = fc.constantFrom(...RULE_VARIANTS);

describe('rule variants', () => {
  it('specified is the rule of the protocol; no variant gives more credit or asks for less credibility', () => {
    fc.assert(
      fc.property(
        anyVariant,
        anyShare,
        fc.integer({ min: 1, max: 25 }),
        fc.nat(),
        fc.integer({ min: 1, max: 1_000_000 }),
        (variant, share, seats, some, trust) => {
          const credit = variantCredit({ variant, share, seats, seat: some % seats });
          const thresholds = acceptanceThresholds(trust, share);
          const asked = variantThresholds(thresholds, variant);
          expect(credit).toBeLessThanOrEqual(checkCredit(share, seats));
          asked.forEach((least, index) => {
            expect(least).toBeGreaterThanOrEqual(thresholds[index] as number);
          });
          if (variant !== 'specified') return;
          expect(credit).toBe(creditOfSeat(share, seats, (some % seats) + 1));
          expect(asked).toEqual(thresholds);
        },
      ),
    );
  });

  it('the last seat earns nothing by order, and only the first earns anything by first seat', () => {
    fc.assert(
      fc.property(anyShare, fc.integer({ min: 2, max: 25 }), (share, seats) => {
        expect(variantCredit({ variant: 'by order', share, seats, seat: seats - 1 })).toBe(0);
        expect(variantCredit({ variant: 'first seat', share, seats, seat: 0 })).toBe(checkCredit(share, seats));
        expect(variantCredit({ variant: 'first seat', share, seats, seat: 1 })).toBe(0);
      }),
    );
  });
});
