import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME, type OrderKind } from '@gleaner/protocol';
import type { Database, OrderRecord, Store } from '@gleaner/store';
import type { Selectable } from 'kysely';
import type { BookFilter } from '../src/domain/bookFilter.ts';

/** Which restrictions the orders of a kind have. */
const RESTRICTED = {
  app: ['datasetRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  dataset: ['appRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  workerpool: ['appRestrict', 'datasetRestrict', 'requesterRestrict'],
  request: ['workerpoolRestrict'],
} as const;

/** A page of a book by the words of `BookFilter` alone: every open order of the database is read, judged and sorted anew. */
export async function listReferenceBook(
  { db }: Store,
  kind: OrderKind,
  filter: BookFilter,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<{ readonly orders: OrderRecord[]; readonly count: number }> {
  const open = await db.selectFrom('orderRecord').selectAll().where('status', '=', 'open').where('kind', '=', kind).execute();
  const found = open.filter((row) => fits(row, filter)).sort(kind === 'request' ? dearestFirst : cheapestFirst);
  return { orders: found.slice(skip, skip + limit).map(toRecord), count: found.length };
}

type Row = Selectable<Database['orderRecord']>;

function fits(row: Row, filter: BookFilter): boolean {
  const tag = BigInt(`0b${row.tag}`);
  const [minTag, maxTag] = [BigInt(filter.minTag ?? 0n), BigInt(filter.maxTag ?? 2n ** 256n - 1n)];
  return (
    RESTRICTED[row.kind].every((field) => admits(row[field], filter[field])) &&
    (['app', 'dataset', 'workerpool', 'requester', 'beneficiary', 'signer'] as const).every((field) => isSame(row[field], filter[field])) &&
    (filter.category ?? row.category) === row.category &&
    (tag & minTag) === minTag &&
    (tag | maxTag) === maxTag &&
    (filter.minTrust === undefined || (row.trust !== null && row.trust >= filter.minTrust)) &&
    (filter.maxTrust === undefined || (row.trust !== null && row.trust <= filter.maxTrust)) &&
    row.remaining >= (filter.minVolume ?? 0n) &&
    (!filter.bulkOnly || (row.price === 0n && row.volume >= BULK_VOLUME))
  );
}

function admits(admitted: Address | null, asked: BookFilter['appRestrict']): boolean {
  if (asked === 'any') return true;
  const isOpenToAll = admitted === ZERO_ADDRESS;
  return asked === undefined ? isOpenToAll : admitted === asked.address.toLowerCase() || (isOpenToAll && !asked.strict);
}

const isSame = (actual: Address | null, asked: Address | 'any' | undefined): boolean =>
  asked === undefined || asked === 'any' || actual === asked.toLowerCase();

const toRecord = ({ orderHash, kind, signedOrder, signer, status, remaining, publishedAt }: Row): OrderRecord => ({
  orderHash,
  kind,
  signedOrder,
  signer,
  status,
  remaining,
  publishedAt,
});

const cheapestFirst = (a: Row, b: Row): number => Number(a.price > b.price) - Number(a.price < b.price) || earliestFirst(a, b);
const dearestFirst = (a: Row, b: Row): number => Number(a.price < b.price) - Number(a.price > b.price) || earliestFirst(a, b);
const earliestFirst = (a: Row, b: Row): number =>
  a.publishedAt.getTime() - b.publishedAt.getTime() || Number(a.orderHash > b.orderHash) - Number(a.orderHash < b.orderHash);
