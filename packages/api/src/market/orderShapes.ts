import { signedOrderSchema } from '@gleaner/protocol';
import type { z } from 'zod';
import { MAX_MARKET_INTEGER } from './fields.ts';

/**
 * Most bytes of the parameters of a request order, as UTF-8. The deal stores them at about 700 gas a byte, and a deal must fit into the
 * 2^24 gas that one transaction may use (EIP-7825).
 */
const MAX_PARAMS_BYTES = 16_384;

/**
 * What is given back must be what was signed, and must fit into a deal: clients read integers as JSON numbers, so nothing above 2^53 − 1 is
 * published; the database keeps no U+0000.
 */
const publishable = (order: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
  for (const [field, value] of Object.entries(order)) {
    const message = typeof value === 'bigint' ? integerIssue(value) : field === 'params' ? textIssue(String(value)) : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', path: [field], message });
  }
};

function integerIssue(value: bigint): string | undefined {
  return value > MAX_MARKET_INTEGER ? `must be at most ${MAX_MARKET_INTEGER}; got ${value}` : undefined;
}

function textIssue(text: string): string | undefined {
  if (text.includes('\0')) return `must be text without U+0000; there is one at ${text.indexOf('\0')}`;
  const { length } = new TextEncoder().encode(text);
  return length > MAX_PARAMS_BYTES ? `must be at most ${MAX_PARAMS_BYTES} bytes; got ${length}` : undefined;
}

/** The four signed orders as the market carries them: integers as JSON numbers in answers, numbers, decimal text or 0x hex in requests. */
export const marketOrder = {
  app: signedOrderSchema.app.superRefine(publishable),
  dataset: signedOrderSchema.dataset.superRefine(publishable),
  workerpool: signedOrderSchema.workerpool.superRefine(publishable),
  request: signedOrderSchema.request.superRefine(publishable),
} as const;

export type MarketOrder<K extends keyof typeof marketOrder> = z.output<(typeof marketOrder)[K]>;
