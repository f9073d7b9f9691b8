import { type Address, type Bytes32, ZERO_ADDRESS } from '@gleaner/primitives';
import { BULK_VOLUME } from '@gleaner/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import { RECORD_COLUMNS, toBits } from './orders.ts';
import type { OrderKind, OrderRecord } from './rows.ts';

/**
 * How a restriction field is asked for: absent = only orders that admit everyone; an address = those and the ones that admit it;
 * with `strict` = only the ones that name it; `any` = no filter.
 */
export type Restriction = 'any' | { readonly address: Address; readonly strict?: boolean };

export interface BookFilter {
  /** Fields that must be equal; `any` and absent are no filter. `signer` is the owner of the asset. */
  readonly app?: Address | 'any';
  readonly dataset?: Address | 'any';
  readonly workerpool?: Address | 'any';
  readonly requester?: Address | 'any';
  readonly beneficiary?: Address;
  readonly signer?: Address;
  readonly category?: bigint;
  readonly appRestrict?: Restriction;
  readonly datasetRestrict?: Restriction;
  readonly workerpoolRestrict?: Restriction;
  readonly requesterRestrict?: Restriction;
  /** All its bits are present in the order's tag. */
  readonly minTag?: Bytes32;
  /** The order's tag has no bit outside. */
  readonly maxTag?: Bytes32;
  readonly minTrust?: bigint;
  readonly maxTrust?: bigint;
  /** Least remaining volume. */
  readonly minVolume?: bigint;
  /** Data set orders at price 0 with volume of at least 2^53 - 2. */
  readonly bulkOnly?: boolean;
}

export interface BookPage {
  readonly orders: OrderRecord[];
  /** Orders that fit, over all pages. */
  readonly count: number;
}

/** Which restriction fields the orders of a kind have. */
const RESTRICTIONS = {
  app: ['datasetRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  dataset: ['appRestrict', 'workerpoolRestrict', 'requesterRestrict'],
  workerpool: ['appRestrict', 'datasetRestrict', 'requesterRestrict'],
  request: ['workerpoolRestrict'],
} as const satisfies Record<OrderKind, readonly (keyof BookFilter)[]>;

/**
 * One page of the open orders of a kind: cheapest first (request orders: dearest `workerpoolmaxprice` first),
 * then the earlier published, then by order hash.
 * A request order's `workerpool` field is its restriction: store it as `workerpoolRestrict`.
 */
export async function listBook(
  db: Kysely<Database>,
  kind: OrderKind,
  filter: BookFilter,
  { skip, limit }: { skip: number; limit: number },
): Promise<BookPage> {
  const conditions = sql.join([sql`status = 'open' and kind = ${kind}`, ...conditionsOf(kind, filter)], sql` and `);
  const direction = kind === 'request' ? sql`desc` : sql`asc`;
  const { rows } = await sql<OrderRecord>`
    select ${sql.join(RECORD_COLUMNS.map((column) => sql.ref(column)))} from order_record
    where ${conditions}
    order by price ${direction}, published_at, order_hash
    offset ${skip} limit ${limit}`.execute(db);
  const counted = await sql<{ count: bigint }>`select count(*) as count from order_record where ${conditions}`.execute(db);
  return { orders: rows, count: Number(counted.rows[0]?.count ?? 0n) };
}

function conditionsOf(kind: OrderKind, filter: BookFilter): RawBuilder<unknown>[] {
  return [
    ...RESTRICTIONS[kind].flatMap((field) => restrictionCondition(field, filter[field])),
    ...equalities(filter),
    ...tagConditions(filter),
    ...numberConditions(filter),
  ];
}

function restrictionCondition(field: string, restriction: Restriction | undefined): RawBuilder<unknown>[] {
  const column = sql.ref(field);
  if (restriction === 'any') return [];
  if (!restriction) return [sql`${column} = ${ZERO_ADDRESS}`];
  const address = lower(restriction.address);
  return [restriction.strict ? sql`${column} = ${address}` : sql`${column} in (${ZERO_ADDRESS}, ${address})`];
}

function equalities(filter: BookFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  for (const field of ['app', 'dataset', 'workerpool', 'requester', 'beneficiary', 'signer'] as const) {
    const address = filter[field];
    if (address !== undefined && address !== 'any') conditions.push(sql`${sql.ref(field)} = ${lower(address)}`);
  }
  if (filter.category !== undefined) conditions.push(sql`category = ${filter.category}`);
  return conditions;
}

function tagConditions({ minTag, maxTag }: BookFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (minTag) conditions.push(sql`tag & ${toBits(minTag)}::bit(256) = ${toBits(minTag)}::bit(256)`);
  if (maxTag) conditions.push(sql`tag | ${toBits(maxTag)}::bit(256) = ${toBits(maxTag)}::bit(256)`);
  return conditions;
}

function numberConditions({ minTrust, maxTrust, minVolume, bulkOnly }: BookFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (minTrust !== undefined) conditions.push(sql`trust >= ${minTrust}`);
  if (maxTrust !== undefined) conditions.push(sql`trust <= ${maxTrust}`);
  if (minVolume !== undefined) conditions.push(sql`remaining >= ${minVolume}`);
  if (bulkOnly) conditions.push(sql`volume >= ${BULK_VOLUME} and price = 0`);
  return conditions;
}
