import type { Address, OrderHash } from '@gleaner/primitives';
import fc from 'fast-check';
import { keccak256, stringToHex } from 'viem';
import type { MatchView, OrderState } from '../orders/MatchView.ts';
import type { OrderKind, RequestOrder } from '../orders/orderSchema.ts';
import { orderDomain } from '../orders/orderTypes.ts';
import { tagFromBits } from '../tags.ts';
import { anyOffers, anyRequestOrder, type Offers, widenPoolTag } from './orders.ts';
import { addressOf, anyAddress, anyRestriction, groupOfEveryone } from './values.ts';

export const TEST_DOMAIN = orderDomain({ chainId: 31337, hubAddress: addressOf('hub') });

/** More than any volume of everyday prices needs. */
const PLENTY = 10n ** 24n;

/** Used up in part, signed; the hash stands for itself. */
const anyState = (kind: OrderKind, { volume }: { readonly volume: bigint }): fc.Arbitrary<OrderState> =>
  fc.record({
    hash: fc.nat().map((n) => keccak256(stringToHex(`${kind} ${n}`)) as OrderHash),
    consumed: fc.bigInt({ min: 0n, max: volume > 0n ? volume - 1n : 0n }),
    signature: fc.constant('valid' as const),
  });

/** The offers with restrictions that admit the others, and sometimes the enclave bit where all agree on it. */
const anyRestricted = (offers: Offers, request: RequestOrder): fc.Arbitrary<[Offers, RequestOrder]> => {
  const { app } = offers.appOrder;
  const { dataset } = offers.datasetOrder;
  const { workerpool } = offers.workerpoolOrder;
  const { requester } = request;
  return fc
    .record({
      tee: fc.boolean(),
      app: restrictions({ datasetrestrict: dataset, workerpoolrestrict: workerpool, requesterrestrict: requester }),
      dataset: restrictions({ apprestrict: app, workerpoolrestrict: workerpool, requesterrestrict: requester }),
      workerpool: restrictions({ apprestrict: app, datasetrestrict: dataset, requesterrestrict: requester }),
    })
    .map(({ tee, ...restrict }) => {
      const appOrder = { ...offers.appOrder, ...restrict.app, tag: tagFromBits(BigInt(offers.appOrder.tag) | (tee ? 1n : 0n)) };
      const datasetOrder = { ...offers.datasetOrder, ...restrict.dataset };
      const restricted = { appOrder, datasetOrder, workerpoolOrder: { ...offers.workerpoolOrder, ...restrict.workerpool } };
      return [{ ...restricted, workerpoolOrder: widenPoolTag(restricted, request) }, request];
    });
};

function restrictions<Field extends string>(candidates: Record<Field, Address>): fc.Arbitrary<Record<Field, Address>> {
  const entries = Object.entries<Address>(candidates).map(([field, candidate]) => [field, anyRestriction(candidate)]);
  return fc.record(Object.fromEntries(entries)) as fc.Arbitrary<Record<Field, Address>>;
}

/** Four orders and a market in which they match, with or without dataset and sponsor. */
export function anyMatchView(options: { dataset?: boolean } = {}): fc.Arbitrary<MatchView> {
  return anyOffers(options)
    .chain((offers) => anyRequestOrder({ compatibleWith: offers }).chain((request) => anyRestricted(offers, request)))
    .chain(([offers, requestOrder]) =>
      fc.record({
        ...mapConstants({ ...offers, requestOrder }),
        sponsor: fc.oneof(fc.constant(requestOrder.requester), anyAddress()),
        app: anyAsset(),
        dataset: anyAsset(),
        workerpool: anyAsset(),
        states: fc.record({
          app: anyState('app', offers.appOrder),
          dataset: anyState('dataset', offers.datasetOrder),
          workerpool: anyState('workerpool', offers.workerpoolOrder),
          request: anyState('request', requestOrder),
        }),
        categoryCount: fc.bigInt({ min: requestOrder.category + 1n, max: 10n }),
        groupAllows: fc.constant(groupOfEveryone),
        balanceOf: fc.constant(() => PLENTY),
      }),
    );
}

const anyAsset = () =>
  fc.record({
    owner: anyAddress(),
    registered: fc.constant(true),
    workerStakeRatio: fc.bigInt({ min: 0n, max: 200n }),
    schedulerRewardRatio: fc.bigInt({ min: 0n, max: 100n }),
  });

function mapConstants(orders: Offers & { requestOrder: RequestOrder }) {
  return {
    appOrder: fc.constant(orders.appOrder),
    datasetOrder: fc.constant(orders.datasetOrder),
    workerpoolOrder: fc.constant(orders.workerpoolOrder),
    requestOrder: fc.constant(orders.requestOrder),
  };
}
