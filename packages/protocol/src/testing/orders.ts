import { ZERO_ADDRESS } from '@gleaner/primitives';
import fc from 'fast-check';
import { NULL_DATASET_ORDER } from '../orders/MatchView.ts';
import type { AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder } from '../orders/orderSchema.ts';
import { dealTag, tagFromBits } from '../tags.ts';
import { anyAddress, anyAmount, anyBytes32, anyPlainTag, anyRestriction, anyVolume } from './values.ts';

/** App order without restrictions. */
export const anyAppOrder = (): fc.Arbitrary<AppOrder> =>
  fc.record({
    app: anyAddress(),
    appprice: anyAmount(),
    volume: anyVolume(),
    tag: anyPlainTag(),
    datasetrestrict: fc.constant(ZERO_ADDRESS),
    workerpoolrestrict: fc.constant(ZERO_ADDRESS),
    requesterrestrict: fc.constant(ZERO_ADDRESS),
    salt: anyBytes32(),
  });

/** Dataset order without restrictions. */
export const anyDatasetOrder = (): fc.Arbitrary<DatasetOrder> =>
  fc.record({
    dataset: anyAddress(),
    datasetprice: anyAmount(),
    volume: anyVolume(),
    tag: anyPlainTag(),
    apprestrict: fc.constant(ZERO_ADDRESS),
    workerpoolrestrict: fc.constant(ZERO_ADDRESS),
    requesterrestrict: fc.constant(ZERO_ADDRESS),
    salt: anyBytes32(),
  });

/** Workerpool order without restrictions, for category 0 to 4. */
export const anyWorkerpoolOrder = (): fc.Arbitrary<WorkerpoolOrder> =>
  fc.record({
    workerpool: anyAddress(),
    workerpoolprice: anyAmount(),
    volume: anyVolume(),
    tag: anyPlainTag(),
    category: fc.bigInt({ min: 0n, max: 4n }),
    trust: fc.bigInt({ min: 0n, max: 10_000n }),
    apprestrict: fc.constant(ZERO_ADDRESS),
    datasetrestrict: fc.constant(ZERO_ADDRESS),
    requesterrestrict: fc.constant(ZERO_ADDRESS),
    salt: anyBytes32(),
  });

export interface Offers {
  readonly appOrder: AppOrder;
  readonly datasetOrder: DatasetOrder;
  readonly workerpoolOrder: WorkerpoolOrder;
}

/** Three offers, with a dataset, without, or either. */
export const anyOffers = ({ dataset }: { dataset?: boolean } = {}): fc.Arbitrary<Offers> =>
  fc.record({
    appOrder: anyAppOrder(),
    datasetOrder: datasetArbitrary(dataset),
    workerpoolOrder: anyWorkerpoolOrder(),
  });

function datasetArbitrary(dataset: boolean | undefined): fc.Arbitrary<DatasetOrder> {
  if (dataset === undefined) return fc.oneof(anyDatasetOrder(), fc.constant(NULL_DATASET_ORDER));
  return dataset ? anyDatasetOrder() : fc.constant(NULL_DATASET_ORDER);
}

/** Built once: its table of characters is large. */
const ANY_PARAMS = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));

/** Request order; with `compatibleWith` its asset, prices, category and trust fit these offers (its tag and theirs may still clash). */
export function anyRequestOrder({ compatibleWith }: { compatibleWith?: Offers } = {}): fc.Arbitrary<RequestOrder> {
  if (compatibleWith === undefined) return anyOffers().chain((offers) => anyRequestOrder({ compatibleWith: offers }));
  const { appOrder, datasetOrder, workerpoolOrder } = compatibleWith;
  return fc.record({
    app: fc.constant(appOrder.app),
    appmaxprice: anyAmount().map((extra) => appOrder.appprice + extra),
    dataset: fc.constant(datasetOrder.dataset),
    datasetmaxprice: anyAmount().map((extra) => datasetOrder.datasetprice + extra),
    workerpool: anyRestriction(workerpoolOrder.workerpool),
    workerpoolmaxprice: anyAmount().map((extra) => workerpoolOrder.workerpoolprice + extra),
    requester: anyAddress(),
    volume: anyVolume(),
    tag: anyPlainTag(),
    category: fc.constant(workerpoolOrder.category),
    trust: fc.bigInt({ min: 0n, max: workerpoolOrder.trust }),
    beneficiary: anyAddress(),
    callback: fc.oneof(fc.constant(ZERO_ADDRESS), anyAddress()),
    params: ANY_PARAMS,
    salt: anyBytes32(),
  });
}

/** The same workerpool order, able to serve whatever the other three ask. */
export function widenPoolTag(offers: Offers, request: RequestOrder): WorkerpoolOrder {
  const demanded = dealTag({ app: offers.appOrder.tag, dataset: offers.datasetOrder.tag, request: request.tag });
  return { ...offers.workerpoolOrder, tag: tagFromBits(BigInt(offers.workerpoolOrder.tag) | BigInt(demanded)) };
}
