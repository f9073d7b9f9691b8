import { signedOrderSchema } from '@gleaner/protocol';
import type { z } from 'zod';
import { MAX_MARKET_INTEGER } from './fields.ts';

/** The market's clients read integers as JSON numbers, so nothing above 2^53 − 1 is published. */
const exactInJson = (order: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
  for (const [field, value] of Object.entries(order)) {
    if (typeof value !== 'bigint' || value <= MAX_MARKET_INTEGER) continue;
    context.addIssue({ code: 'custom', path: [field], message: `must be at most ${MAX_MARKET_INTEGER}; got ${value}` });
  }
};

/** The four signed orders as the market carries them: integers as JSON numbers in answers, numbers, decimal text or 0x hex in requests. */
export const marketOrder = {
  app: signedOrderSchema.app.superRefine(exactInJson),
  dataset: signedOrderSchema.dataset.superRefine(exactInJson),
  workerpool: signedOrderSchema.workerpool.superRefine(exactInJson),
  request: signedOrderSchema.request.superRefine(exactInJson),
} as const;

export type MarketOrder<K extends keyof typeof marketOrder> = z.output<(typeof marketOrder)[K]>;
