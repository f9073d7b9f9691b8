import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { bytes32, queryBoolean } from '../http/fields.ts';
import { addressOrAny, chainQuery, marketAnswer, marketStatuses, pageAnswer, paging, queryAmount } from './fields.ts';
import { orderRecord } from './orderRecord.ts';

const flag = queryBoolean.optional();
const filter = addressOrAny.optional();
const amount = queryAmount.optional();
const tags = { minTag: bytes32.optional(), maxTag: bytes32.optional() };
const common = { ...chainQuery, ...paging, ...tags, minVolume: amount };

const book = <const P extends `/${string}`, Q extends z.ZodObject, R extends z.ZodType>(path: P, query: Q, record: R) =>
  defineEndpoint({
    method: 'GET',
    path,
    summary: 'Open orders: cheapest first (requests: best paying first), then oldest',
    query,
    answer: marketAnswer({ ...pageAnswer, orders: z.array(record) }),
    statuses: marketStatuses,
  });

const appQuery = z.object({
  ...common,
  app: filter,
  appOwner: filter,
  dataset: filter,
  workerpool: filter,
  requester: filter,
  isDatasetStrict: flag,
  isWorkerpoolStrict: flag,
  isRequesterStrict: flag,
});

const datasetQuery = z.object({
  ...common,
  dataset: filter,
  datasetOwner: filter,
  app: filter,
  workerpool: filter,
  requester: filter,
  isAppStrict: flag,
  isWorkerpoolStrict: flag,
  isRequesterStrict: flag,
  bulkOnly: flag,
});

const workerpoolQuery = z.object({
  ...common,
  workerpool: filter,
  workerpoolOwner: filter,
  category: amount,
  app: filter,
  dataset: filter,
  requester: filter,
  isAppStrict: flag,
  isDatasetStrict: flag,
  isRequesterStrict: flag,
  minTrust: amount,
});

const requestQuery = z.object({
  ...common,
  app: filter,
  dataset: filter,
  requester: filter,
  beneficiary: filter,
  category: amount,
  workerpool: filter,
  isWorkerpoolStrict: flag,
  maxTrust: amount,
});

/** The four books, by kind. */
export const listOrders = {
  app: book('/apporders', appQuery, orderRecord.app),
  dataset: book('/datasetorders', datasetQuery, orderRecord.dataset),
  workerpool: book('/workerpoolorders', workerpoolQuery, orderRecord.workerpool),
  request: book('/requestorders', requestQuery, orderRecord.request),
} as const;

export type AppBookQuery = z.output<typeof appQuery>;
export type DatasetBookQuery = z.output<typeof datasetQuery>;
export type WorkerpoolBookQuery = z.output<typeof workerpoolQuery>;
export type RequestBookQuery = z.output<typeof requestQuery>;
