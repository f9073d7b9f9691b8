import { type Address, type Bytes32, type Hex, type OrderHash, ZERO_ADDRESS } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import fc from 'fast-check';
import { getAddress } from 'viem';
import { MAX_MARKET_INTEGER, type MarketOrder } from '../src/index.ts';

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((data): Hex => `0x${Buffer.from(data).toString('hex')}`);

export const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.constant(ZERO_ADDRESS),
  hexOf(20).map((text) => getAddress(text)),
);
export const anyBytes32 = hexOf(32).map((text) => text as Bytes32);
export const anyOrderHash = hexOf(32).map((text) => text as OrderHash);
export const anyAmount = fc.oneof(fc.bigInt(0n, 10n), fc.bigInt(0n, MAX_MARKET_INTEGER), fc.constant(MAX_MARKET_INTEGER));

const signed = { volume: anyAmount, tag: anyBytes32, salt: anyBytes32, sign: fc.oneof(hexOf(65), fc.constant<Hex>('0x')) };

/** Well-formed signed orders whose signatures mean nothing. */
export const anyMarketOrder: { readonly [K in OrderKind]: fc.Arbitrary<MarketOrder<K>> } = {
  app: fc.record({
    app: anyAddress,
    appprice: anyAmount,
    datasetrestrict: anyAddress,
    workerpoolrestrict: anyAddress,
    requesterrestrict: anyAddress,
    ...signed,
  }),
  dataset: fc.record({
    dataset: anyAddress,
    datasetprice: anyAmount,
    apprestrict: anyAddress,
    workerpoolrestrict: anyAddress,
    requesterrestrict: anyAddress,
    ...signed,
  }),
  workerpool: fc.record({
    workerpool: anyAddress,
    workerpoolprice: anyAmount,
    category: anyAmount,
    trust: anyAmount,
    apprestrict: anyAddress,
    datasetrestrict: anyAddress,
    requesterrestrict: anyAddress,
    ...signed,
  }),
  request: fc.record({
    app: anyAddress,
    appmaxprice: anyAmount,
    dataset: anyAddress,
    datasetmaxprice: anyAmount,
    workerpool: anyAddress,
    workerpoolmaxprice: anyAmount,
    requester: anyAddress,
    category: anyAmount,
    trust: anyAmount,
    beneficiary: anyAddress,
    callback: anyAddress,
    // the market takes no U+0000
    params: fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    ...signed,
  }),
};
