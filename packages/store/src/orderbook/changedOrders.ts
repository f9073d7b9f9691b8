import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import type { OrderRecordTable } from './rows.ts';

/** The columns that a book filters and sorts by. */
export type ChangedOrder = Omit<OrderRecordTable, 'signedOrder'>;

const COLUMNS = [
  'orderHash',
  'kind',
  'status',
  'signer',
  'remaining',
  'publishedAt',
  'volume',
  'price',
  'tag',
  'app',
  'dataset',
  'workerpool',
  'requester',
  'beneficiary',
  'category',
  'trust',
  'appRestrict',
  'datasetRestrict',
  'workerpoolRestrict',
  'requesterRestrict',
] as const satisfies (keyof ChangedOrder)[];

export interface OrderChanges {
  readonly orders: ChangedOrder[];
  /** Ask from here the next time. */
  readonly horizon: string;
}

/**
 * Orders changed since `horizon`, and possibly some of before; without one, all that are open. Nothing that was committed when the call
 * began is missed: the horizon is the oldest transaction that was still under way, so what commits late is given by the next call.
 */
export async function listChangedOrders(db: Kysely<Database>, horizon?: string): Promise<OrderChanges> {
  const changed = horizon === undefined ? sql`o.status = 'open'` : sql`o.changed_by >= ${horizon}::text::xid8`;
  const { rows } = await sql<{ horizon: string } & ({ orderHash: null } | ChangedOrder)>`
    select now_open.horizon, ${sql.join(COLUMNS.map((column) => sql.ref(`o.${column}`)))}
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as horizon) now_open
    left join order_record o on ${changed}`.execute(db);
  const [first] = rows;
  return {
    orders: rows.filter((row): row is { horizon: string } & ChangedOrder => row.orderHash !== null),
    horizon: first?.horizon ?? '0',
  };
}
