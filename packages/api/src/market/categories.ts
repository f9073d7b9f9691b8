import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { bytes32, isoTime } from '../http/fields.ts';
import { chainNumber, chainQuery, marketAnswer, marketStatuses, pageAnswer, paging, queryAmount } from './fields.ts';

/** A size class; `workClockTimeRef` in seconds. */
export const marketCategory = z.object({
  chainId: z.number().int(),
  catid: chainNumber,
  name: z.string(),
  description: z.string(),
  workClockTimeRef: chainNumber,
  transactionHash: bytes32.optional(),
  blockNumber: chainNumber.optional(),
  blockTimestamp: isoTime.optional(),
});
export type MarketCategory = z.output<typeof marketCategory>;

export const listCategories = defineEndpoint({
  method: 'GET',
  path: '/categories',
  summary: 'Categories in the order of their ids',
  query: z.object({ ...chainQuery, ...paging, minWorkClockTimeRef: queryAmount.optional(), maxWorkClockTimeRef: queryAmount.optional() }),
  answer: marketAnswer({ ...pageAnswer, categories: z.array(marketCategory) }),
  statuses: marketStatuses,
});

export const getCategory = defineEndpoint({
  method: 'GET',
  path: '/categories/:catid',
  params: z.object({ catid: queryAmount }),
  query: z.object(chainQuery),
  answer: marketAnswer(marketCategory.shape),
  statuses: marketStatuses,
});
