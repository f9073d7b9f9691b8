import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, orderHash } from '../http/fields.ts';
import { chainQuery, marketAnswer, marketStatuses } from './fields.ts';
import { orderRecord } from './orderRecord.ts';
import { marketOrder } from './orderShapes.ts';

const get = <const P extends `/${string}`, S extends z.core.$ZodLooseShape>(path: P, record: S) =>
  defineEndpoint({
    method: 'GET',
    path,
    summary: 'A published order by its hash, whatever its status',
    params: z.object({ orderHash }),
    query: z.object(chainQuery),
    answer: marketAnswer(record),
    statuses: marketStatuses,
  });

/** One order by its hash. */
export const getOrder = {
  app: get('/apporders/:orderHash', orderRecord.app.shape),
  dataset: get('/datasetorders/:orderHash', orderRecord.dataset.shape),
  workerpool: get('/workerpoolorders/:orderHash', orderRecord.workerpool.shape),
  request: get('/requestorders/:orderHash', orderRecord.request.shape),
} as const;

const publish = <const P extends `/${string}`, O extends z.ZodType, R extends z.ZodType>(path: P, order: O, record: R) =>
  defineEndpoint({
    method: 'POST',
    path,
    summary: 'Publishes a signed order; authorization is a signed challenge of its owner',
    auth: 'wallet',
    bodyLimit: 262_144,
    query: z.object(chainQuery),
    body: z.object({ order }),
    answer: marketAnswer({ published: record }),
    statuses: marketStatuses,
  });

/** Publishing, by kind. */
export const publishOrder = {
  app: publish('/apporders', marketOrder.app, orderRecord.app),
  dataset: publish('/datasetorders', marketOrder.dataset, orderRecord.dataset),
  workerpool: publish('/workerpoolorders', marketOrder.workerpool, orderRecord.workerpool),
  request: publish('/requestorders', marketOrder.request, orderRecord.request),
} as const;

const byHash = z.object({ target: z.literal('unpublish_orderHash').optional(), orderHash });
const many = z.enum(['unpublish_last', 'unpublish_all']);

const unpublish = <const P extends `/${string}`, B extends z.ZodType>(path: P, body: B) =>
  defineEndpoint({
    method: 'PUT',
    path,
    summary: 'Withdraws one order, the last or all of an asset (of a requester for requests); the signatures stay valid on chain',
    auth: 'wallet',
    query: z.object(chainQuery),
    body,
    answer: marketAnswer({ unpublished: z.array(orderHash) }),
    statuses: marketStatuses,
  });

/** Withdrawing, by kind. */
export const unpublishOrders = {
  app: unpublish('/apporders', z.union([byHash, z.object({ target: many, app: address })])),
  dataset: unpublish('/datasetorders', z.union([byHash, z.object({ target: many, dataset: address })])),
  workerpool: unpublish('/workerpoolorders', z.union([byHash, z.object({ target: many, workerpool: address })])),
  request: unpublish('/requestorders', z.union([byHash, z.object({ target: many, requester: address })])),
} as const;
