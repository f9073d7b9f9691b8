import fc from 'fast-check';
import { MAX_BATCH_EXPONENT } from '../../assured/batches.ts';
import type { AssuredRegime, Regime } from '../../assured/regime.ts';
import type { HostileShare } from '../../assured/shares.ts';

export const anyHostileShare = (): fc.Arbitrary<HostileShare> => fc.constantFrom('standard', 'high');

export const anyAssuredRegime = (): fc.Arbitrary<AssuredRegime> =>
  fc.record({
    regime: fc.constant('assured' as const),
    share: anyHostileShare(),
    withoutHistory: fc.boolean(),
    batchExponent: fc.integer({ min: 0, max: MAX_BATCH_EXPONENT }),
    valueExponent: fc.integer({ min: 0, max: 15 }),
  });

export const anyRegime = (): fc.Arbitrary<Regime> => fc.oneof(fc.constant({ regime: 'classic' as const }), anyAssuredRegime());

/** Trust of every size from 1 to 10^9. */
export const anyTrust = (): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 1, max: 1_000_000_000 }),
    fc.integer({ min: 0, max: 9 }).map((digits) => 10 ** digits),
    fc.integer({ min: 0, max: 29 }).chain((bits) => fc.constantFrom(2 ** bits, Math.max(1, 2 ** bits - 1), 2 ** bits + 1)),
  );
