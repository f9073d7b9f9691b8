/** Generators of the market's shapes for property tests; needs fast-check. */

export {
  anyBatchWorld,
  type BatchWorld,
  type Behaviour,
  beaconAt,
  isHonest,
  openingBy,
  type PlayedStep,
  playBatch,
  RIGHT_ROOT,
  WRONG_ROOT,
} from './testing/assured/batchWorld.ts';
export { anyAssuredRegime, anyHostileShare, anyRegime, anyTrust } from './testing/assured/regimes.ts';
export { anyWeights } from './testing/assured/weights.ts';
export { breakMatch } from './testing/breakMatch.ts';
export { anyManifest } from './testing/manifests.ts';
export {
  anyMarketHistory,
  buildCall,
  type HistoryStep,
  openTestMarket,
  TEST_ACTORS,
  TEST_DIGESTS,
  timesOf,
} from './testing/marketHistory.ts';
export { anyMatchView, TEST_DOMAIN } from './testing/matchViews.ts';
export { anyAppOrder, anyDatasetOrder, anyOffers, anyRequestOrder, anyWorkerpoolOrder, type Offers } from './testing/orders.ts';
export { Random } from './testing/Random.ts';
export { addressOf, anyAddress, anyAmount, anyBytes32, anyPlainTag, anyUint256, anyVolume, groupOfEveryone } from './testing/values.ts';
