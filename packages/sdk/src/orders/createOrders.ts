import { type Address, type Bytes32, ZERO_ADDRESS, ZERO_BYTES32 } from '@gleaner/primitives';
import type { AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder } from '@gleaner/protocol';
import { bytesToHex } from 'viem';

/** 32 random bytes: makes two orders of equal terms distinct. */
export function randomSalt(): Bytes32 {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32))) as Bytes32;
}

/** What an asset is sold for. */
export interface SaleTerms {
  /** nRLC per task. */
  readonly price: bigint;
  /** Tasks that the order sells, at least 1. */
  readonly volume: bigint;
  /** What a task must have, for example `ENCLAVE_TAG`; nothing by default. */
  readonly tag?: Bytes32;
}

/** An app order without restrictions. */
export function createAppOrder({ app, price, volume, tag = ZERO_BYTES32 }: SaleTerms & { readonly app: Address }): AppOrder {
  const anybody = { datasetrestrict: ZERO_ADDRESS, workerpoolrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS };
  return { app, appprice: price, volume, tag, ...anybody, salt: randomSalt() };
}

/** Who may use a data set; anybody where absent. Each an account, an asset, or a group contract. */
export interface DatasetRestrictions {
  /** Name the app that you trust with the data: a program can write what it reads into its result. */
  readonly app?: Address;
  readonly workerpool?: Address;
  readonly requester?: Address;
}

/** A data set order. */
export function createDatasetOrder(
  terms: SaleTerms & { readonly dataset: Address; readonly restrictTo?: DatasetRestrictions },
): DatasetOrder {
  const { dataset, price, volume, tag = ZERO_BYTES32, restrictTo = {} } = terms;
  return {
    dataset,
    datasetprice: price,
    volume,
    tag,
    apprestrict: restrictTo.app ?? ZERO_ADDRESS,
    workerpoolrestrict: restrictTo.workerpool ?? ZERO_ADDRESS,
    requesterrestrict: restrictTo.requester ?? ZERO_ADDRESS,
    salt: randomSalt(),
  };
}

/** A workerpool order without restrictions. `trust` is the highest the pool will serve. */
export function createWorkerpoolOrder(terms: SaleTerms & Pick<WorkerpoolOrder, 'workerpool' | 'category' | 'trust'>): WorkerpoolOrder {
  const { price, tag = ZERO_BYTES32, ...rest } = terms;
  const anybody = { apprestrict: ZERO_ADDRESS, datasetrestrict: ZERO_ADDRESS, requesterrestrict: ZERO_ADDRESS };
  return { ...rest, workerpoolprice: price, tag, ...anybody, salt: randomSalt() };
}

export interface RequestTerms extends Pick<RequestOrder, 'app' | 'workerpool' | 'volume' | 'category' | 'trust' | 'params' | 'requester'> {
  /** Most to pay per task, in nRLC. */
  readonly appMaxPrice: bigint;
  readonly workerpoolMaxPrice: bigint;
  readonly dataset?: { readonly dataset: Address; readonly maxPrice: bigint };
  readonly tag?: Bytes32;
  /** Who may read the result; the requester by default. */
  readonly beneficiary?: Address;
  /** Contract that receives the result; none by default. */
  readonly callback?: Address;
}

/** A request order. */
export function createRequestOrder(terms: RequestTerms): RequestOrder {
  const { appMaxPrice, workerpoolMaxPrice, dataset, tag, beneficiary = terms.requester, callback = ZERO_ADDRESS, ...rest } = terms;
  return {
    ...rest,
    appmaxprice: appMaxPrice,
    dataset: dataset?.dataset ?? ZERO_ADDRESS,
    datasetmaxprice: dataset?.maxPrice ?? 0n,
    workerpoolmaxprice: workerpoolMaxPrice,
    tag: tag ?? ZERO_BYTES32,
    beneficiary,
    callback,
    salt: randomSalt(),
  };
}
