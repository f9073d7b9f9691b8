import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { queryInteger } from '../http/fields.ts';
import { chainNumber, chainQuery, marketAnswer, marketStatuses, queryAmount } from './fields.ts';

export const getMarketVersion = defineEndpoint({
  method: 'GET',
  path: '/version',
  answer: marketAnswer({ version: z.string() }),
});

/** At most 100 of the newest deals of a category, oldest first: time in seconds, workerpool price in nRLC, number of tasks. */
export const getOhlc = defineEndpoint({
  method: 'GET',
  path: '/ohlc',
  summary: 'Prices at which a category was dealt',
  query: z.object({ ...chainQuery, category: queryAmount }),
  answer: marketAnswer({ ohlc: z.array(z.tuple([chainNumber, chainNumber, chainNumber])).max(100) }),
  statuses: marketStatuses,
});

/** How far the book has followed the chain, and how many orders are open. */
export const getMarketMetrics = defineEndpoint({
  method: 'GET',
  path: '/metrics',
  query: z.object({ chainId: queryInteger(1).optional() }),
  answer: marketAnswer({
    lastBlock: chainNumber,
    checkpointBlock: chainNumber,
    apporders: z.number().int(),
    datasetorders: z.number().int(),
    workerpoolorders: z.number().int(),
    requestorders: z.number().int(),
  }),
});
