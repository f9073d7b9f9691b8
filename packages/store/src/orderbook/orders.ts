import { type Address, type Bytes32, invariant, type OrderHash } from '@gleaner/primitives';
import type { OrderKind } from '@gleaner/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import { toJsonText } from '../sql/toJsonText.ts';
import type { NewOrder, OrderRecord } from './rows.ts';

export type PublishAnswer = 'published' | 'already-published' | 'too-many-open';

/**
 * Puts orders into the book as `open`, all in one transaction; answers in the order given. One that is `dead` may be published again; any other
 * is there for good. Orders of one signer and kind are published one after another, so `maxOpen` holds over all processes.
 */
export async function publishOrders(
  db: Kysely<Database>,
  orders: readonly NewOrder[],
  { maxOpen }: { maxOpen: number },
): Promise<PublishAnswer[]> {
  // everybody takes the locks of signers in the same order
  const sorted = [...orders.entries()].sort(([, a], [, b]) => compareTexts(lockOf(a), lockOf(b)));
  const entries = toJsonText(sorted.map(([, order]) => toEntry(order)));
  const { rows } = await sql<{ answer: PublishAnswer }>`
    select publish_order(entry, ${maxOpen}::int4) as answer
    from jsonb_array_elements(${entries}::jsonb) with ordinality e (entry, place) order by place`.execute(db);
  invariant(rows.length === orders.length, 'publish_order gives one row for each order');
  const answers = new Map(sorted.map(([index], place) => [index, (rows[place] as { answer: PublishAnswer }).answer]));
  return orders.map((_, index) => answers.get(index) as PublishAnswer);
}

/** As `publishOrders`, of one. */
export const publishOrder = async (db: Kysely<Database>, order: NewOrder, options: { maxOpen: number }): Promise<PublishAnswer> =>
  (await publishOrders(db, [order], options))[0] as PublishAnswer;

const lockOf = ({ kind, signer }: NewOrder): string => `${kind} ${lower(signer)}`;
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The row as `publish_order` takes it. */
const toEntry = (order: NewOrder): object => ({
  order_hash: lower(order.orderHash),
  kind: order.kind,
  signed_order: order.signedOrder,
  signer: lower(order.signer),
  remaining: order.remaining,
  published_at: order.publishedAt,
  volume: order.volume,
  price: order.price,
  tag: toBits(order.tag),
  app: lowerOrNull(order.app),
  dataset: lowerOrNull(order.dataset),
  workerpool: lowerOrNull(order.workerpool),
  requester: lowerOrNull(order.requester),
  beneficiary: lowerOrNull(order.beneficiary),
  category: order.category ?? null,
  trust: order.trust ?? null,
  app_restrict: lowerOrNull(order.appRestrict),
  dataset_restrict: lowerOrNull(order.datasetRestrict),
  workerpool_restrict: lowerOrNull(order.workerpoolRestrict),
  requester_restrict: lowerOrNull(order.requesterRestrict),
});

const lowerOrNull = (address: Address | undefined): Address | null => (address === undefined ? null : lower(address));

/** A tag as PostgreSQL reads a bit string: `x` and 64 hexadecimal digits. */
const toBits = (tag: Bytes32): string => `x${tag.slice(2)}`;

/** Columns of OrderRecord. */
const RECORD_COLUMNS = ['orderHash', 'kind', 'signedOrder', 'signer', 'status', 'remaining', 'publishedAt'] as const;

export async function findOrder(db: Kysely<Database>, orderHash: OrderHash): Promise<OrderRecord | undefined> {
  return db.selectFrom('orderRecord').select(RECORD_COLUMNS).where('orderHash', '=', lower(orderHash)).executeTakeFirst();
}

/** In no order; those that are not there are left out. */
export async function findOrders(db: Kysely<Database>, orderHashes: readonly OrderHash[]): Promise<OrderRecord[]> {
  if (orderHashes.length === 0) return [];
  const { rows } = await sql<OrderRecord>`
    select ${sql.join(RECORD_COLUMNS.map((column) => sql.ref(column)))} from order_record
    where order_hash = any(${orderHashes.map(lower)}::text[])`.execute(db);
  return rows;
}

export async function countOpenOrders(db: Kysely<Database>, kind: OrderKind, signer?: Address): Promise<number> {
  let query = db.selectFrom('orderRecord').select(sql<bigint>`count(*)`.as('count')).where('kind', '=', kind).where('status', '=', 'open');
  if (signer) query = query.where('signer', '=', lower(signer));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

/**
 * Sets status and remaining volume of an order, unless its status changed or it was published again since it was read.
 * @returns whether the record is another now
 */
export async function settleOrder(
  db: Kysely<Database>,
  seen: Pick<OrderRecord, 'orderHash' | 'status' | 'remaining' | 'publishedAt'>,
  { status, remaining }: Pick<OrderRecord, 'status' | 'remaining'>,
): Promise<boolean> {
  if (seen.status === status && seen.remaining === remaining) return false;
  const { numUpdatedRows } = await db
    .updateTable('orderRecord')
    .set({ status, remaining })
    .where('orderHash', '=', lower(seen.orderHash))
    .where('status', '=', seen.status)
    .where('publishedAt', '=', seen.publishedAt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Which orders somebody means: all given fields must agree. */
export interface OrderSelection {
  readonly kind?: OrderKind;
  readonly signer?: Address;
  readonly app?: Address;
  readonly dataset?: Address;
  readonly workerpool?: Address;
  readonly requester?: Address;
  readonly orderHashes?: readonly OrderHash[];
}

/** Takes open orders of the selection out of the book as `dead`: they were withdrawn, or nothing backs them any more. Gives them. */
export async function killOpenOrders(db: Kysely<Database>, selection: OrderSelection, { latestOnly = false } = {}): Promise<OrderRecord[]> {
  const latest = latestOnly ? sql`limit 1` : sql``;
  const { rows } = await sql<OrderRecord>`
    update order_record set status = 'dead'
    where order_hash in (
      select order_hash from order_record where status = 'open' ${conditionsOf(selection)}
      order by published_at desc, order_hash ${latest} for update
    )
    returning ${sql.join(RECORD_COLUMNS.map((column) => sql.ref(column)))}`.execute(db);
  return rows;
}

function conditionsOf(selection: OrderSelection): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [];
  if (selection.kind) conditions.push(sql`and kind = ${selection.kind}`);
  if (selection.orderHashes) conditions.push(sql`and order_hash = any(${selection.orderHashes.map(lower)}::text[])`);
  for (const field of ['signer', 'app', 'dataset', 'workerpool', 'requester'] as const) {
    const address = selection[field];
    if (address) conditions.push(sql`and ${sql.ref(field)} = ${lower(address)}`);
  }
  return sql.join(conditions, sql` `);
}
