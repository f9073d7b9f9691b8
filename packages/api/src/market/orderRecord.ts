import type { OrderKind } from '@gleaner/protocol';
import { z } from 'zod';
import { address, isoMs, orderHash } from '../http/fields.ts';
import { chainNumber } from './fields.ts';
import { marketOrder } from './orderShapes.ts';

/** `open` may be matched; `filled` all volume used; `canceled` closed by its owner; `dead` no longer backed by owner, stake or a needed order. */
export const orderStatus = z.enum(['open', 'filled', 'canceled', 'dead']);
export type OrderStatus = z.output<typeof orderStatus>;

const recordOf = <S extends z.ZodType>(order: S) =>
  z.object({
    orderHash,
    chainId: z.number().int().positive(),
    order,
    remaining: chainNumber,
    status: orderStatus,
    publicationTimestamp: isoMs,
    signer: address,
  });

/** A published order and what the market knows about it. */
export const orderRecord = {
  app: recordOf(marketOrder.app),
  /** `bulk`: free and of practically unlimited volume, so it may be listed in bulk deals. */
  dataset: recordOf(marketOrder.dataset).extend({ bulk: z.boolean() }),
  workerpool: recordOf(marketOrder.workerpool),
  request: recordOf(marketOrder.request),
} as const;

export type OrderRecordOf<K extends OrderKind> = z.output<(typeof orderRecord)[K]>;
