import { type Bytes32, type Hex, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import {
  type AppOrder,
  type OrderKind,
  type Orders,
  orderTypedData,
  type RequestOrder,
  type Signed,
  stateOrder,
  type WorkerpoolOrder,
} from '@gleaner/protocol';
import { bytesToHex } from 'viem';
import type { Gleaner } from '../createGleaner.ts';

/** 32 random bytes: makes two orders of equal terms distinct. */
export function randomSalt(): Bytes32 {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32))) as Bytes32;
}

/** Signs an order with the client's account, which must own the asset, be the requester, or be the agent of the operator that owns the workerpool. */
export async function signOrder<K extends OrderKind>(gleaner: Gleaner, kind: K, order: Orders[K]): Promise<Signed<Orders[K]>> {
  const typedData = orderTypedData(kind, order, gleaner.domain);
  const sign: Hex = await gleaner.signer().signTypedData(typedData as Parameters<ReturnType<Gleaner['signer']>['signTypedData']>[0]);
  const isOperated = kind === 'workerpool' && gleaner.operator !== undefined;
  return { ...order, sign: isOperated ? stateOrder(order as WorkerpoolOrder, sign) : sign };
}

const ANYBODY = { workerpoolrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS } as const;

/** An app order without restrictions. `price` in nRLC per task. */
export function createAppOrder({ app, price, volume }: { app: AppOrder['app']; price: bigint; volume: bigint }): AppOrder {
  return { app, appprice: price, volume, tag: ZERO_BYTES32, datasetrestrict: ZERO_ADDRESS, ...ANYBODY, salt: randomSalt() };
}

/** A workerpool order without restrictions. `price` in nRLC per task; `trust` is the highest the pool will serve. */
export function createWorkerpoolOrder(
  terms: Pick<WorkerpoolOrder, 'workerpool' | 'category' | 'trust' | 'volume'> & { price: bigint },
): WorkerpoolOrder {
  const { price, ...rest } = terms;
  return {
    ...rest,
    workerpoolprice: price,
    tag: ZERO_BYTES32,
    apprestrict: ZERO_ADDRESS,
    datasetrestrict: ZERO_ADDRESS,
    requesterrestrict: ZERO_ADDRESS,
    salt: randomSalt(),
  };
}

export type RequestTerms = Pick<RequestOrder, 'app' | 'workerpool' | 'volume' | 'category' | 'trust' | 'params'> & {
  readonly requester: RequestOrder['requester'];
  readonly appMaxPrice: bigint;
  readonly workerpoolMaxPrice: bigint;
  readonly beneficiary?: RequestOrder['beneficiary'];
  readonly callback?: RequestOrder['callback'];
};

/** A request order without a data set; the requester is the beneficiary unless another is named. */
export function createRequestOrder(terms: RequestTerms): RequestOrder {
  const { appMaxPrice, workerpoolMaxPrice, beneficiary = terms.requester, callback = ZERO_ADDRESS, ...rest } = terms;
  return {
    ...rest,
    appmaxprice: appMaxPrice,
    dataset: ZERO_ADDRESS,
    datasetmaxprice: 0n,
    workerpoolmaxprice: workerpoolMaxPrice,
    tag: ZERO_BYTES32,
    beneficiary,
    callback,
    salt: randomSalt(),
  };
}
