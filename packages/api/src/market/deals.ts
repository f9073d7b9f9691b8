import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, bytes32, dealId, isoTime, orderHash } from '../http/fields.ts';
import { addressOrAny, chainNumber, chainQuery, marketAnswer, marketStatuses, pageAnswer, paging, queryAmount } from './fields.ts';

const asset = z.object({ pointer: address, owner: address, price: chainNumber });

/** A deal as it was matched; prices in nRLC per task, `startTime` in seconds. */
export const marketDeal = z.object({
  dealid: dealId,
  chainId: z.number().int(),
  app: asset,
  dataset: asset,
  workerpool: asset,
  requester: address,
  beneficiary: address,
  callback: address,
  appHash: orderHash,
  datasetHash: orderHash,
  workerpoolHash: orderHash,
  requestHash: orderHash,
  params: z.string(),
  volume: chainNumber,
  category: chainNumber,
  tag: bytes32,
  trust: chainNumber,
  startTime: chainNumber,
  botFirst: chainNumber,
  botSize: chainNumber,
  schedulerRewardRatio: chainNumber,
  workerStake: chainNumber,
  blockNumber: chainNumber,
  blockTimestamp: isoTime,
  transactionHash: bytes32,
});
export type MarketDeal = z.output<typeof marketDeal>;

const filter = addressOrAny.optional();
const hash = orderHash.optional();

const dealQuery = z.object({
  ...chainQuery,
  ...paging,
  category: queryAmount.optional(),
  requester: filter,
  beneficiary: filter,
  app: filter,
  dataset: filter,
  workerpool: filter,
  appOwner: filter,
  datasetOwner: filter,
  workerpoolOwner: filter,
  apporderHash: hash,
  datasetorderHash: hash,
  workerpoolorderHash: hash,
  requestorderHash: hash,
});
export type DealQuery = z.output<typeof dealQuery>;

export const listDeals = defineEndpoint({
  method: 'GET',
  path: '/deals',
  summary: 'Deals, newest first',
  query: dealQuery,
  answer: marketAnswer({ ...pageAnswer, deals: z.array(marketDeal) }),
  statuses: marketStatuses,
});

export const getDeal = defineEndpoint({
  method: 'GET',
  path: '/deals/:dealid',
  params: z.object({ dealid: dealId }),
  query: z.object(chainQuery),
  answer: marketAnswer(marketDeal.shape),
  statuses: marketStatuses,
});
