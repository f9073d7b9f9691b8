import { anyAppOrder, anyDatasetOrder, anyRequestOrder, anyWorkerpoolOrder } from '@gleaner/protocol/testing';
import fc from 'fast-check';
import type { AnyOrder } from '../domain/orderTerms.ts';

/** An order of any kind, as the book sees it. */
export const anyOffer: fc.Arbitrary<AnyOrder> = fc.oneof(
  anyAppOrder().map((order) => ({ kind: 'app' as const, order })),
  anyDatasetOrder().map((order) => ({ kind: 'dataset' as const, order })),
  anyWorkerpoolOrder().map((order) => ({ kind: 'workerpool' as const, order })),
  anyRequestOrder().map((order) => ({ kind: 'request' as const, order })),
);
