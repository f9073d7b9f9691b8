import type { Address } from '@gleaner/primitives';
import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import type { Statuses } from '../http/defineEndpoint.ts';
import { queryInteger } from '../http/fields.ts';

/** Largest integer that crosses as a JSON number. */
export const MAX_MARKET_INTEGER = BigInt(Number.MAX_SAFE_INTEGER);

const inRange = z.bigint().nonnegative().max(MAX_MARKET_INTEGER);

/** An amount from the chain as a JSON number; above 2^53 − 1 the nearest double, because clients of this API read numbers only. */
export const chainNumber = z.codec(z.number().nonnegative(), z.bigint().nonnegative(), {
  decode: (value) => BigInt(value),
  encode: (value) => Number(value),
});

/** Integer of the market inside a query. */
export const queryAmount = z.codec(z.string().regex(/^[0-9]{1,78}$/, 'must be a decimal number'), inRange, {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** Filter on an address: one address, or `any` for no filter. */
export const addressOrAny = z.codec(
  z.string().refine((text) => text === 'any' || isAddress(text, { strict: false }), 'must be an address or any'),
  z.custom<Address | 'any'>((value) => value === 'any' || (typeof value === 'string' && isAddress(value, { strict: false }))),
  { decode: (text) => (text === 'any' ? 'any' : getAddress(text)), encode: (value) => value },
);

/** Every market endpoint names its chain. */
export const chainQuery = { chainId: queryInteger(1) };

/** `pageIndex` counts pages from 0; `page` is the older form, the number of entries to skip. */
export const paging = {
  pageIndex: queryInteger(0, 1_000_000).optional(),
  pageSize: queryInteger(10, 1000).optional(),
  page: queryInteger(0, 1_000_000_000).optional(),
};

export interface Paging {
  readonly pageIndex?: number | undefined;
  readonly pageSize?: number | undefined;
  readonly page?: number | undefined;
}

/** `nextPage` is present when the page is full. */
export const pageAnswer = { count: z.number().int().nonnegative(), nextPage: z.number().int().positive().optional() };

/** Fields of an answer beside `ok: true`. */
export const marketAnswer = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object({ ok: z.literal(true), ...shape });

/** The stock client knows 403 for every refused sign-in and business rule. */
export const marketStatuses: Statuses = {
  unauthorized: 403,
  'order-already-published': 403,
  'order-consumed': 403,
  'order-signature-invalid': 403,
  'resource-not-deployed': 403,
  'stake-too-low': 403,
  'no-matching-order': 403,
  'category-unknown': 403,
};
