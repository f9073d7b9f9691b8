import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { columnList, rowsOf } from '../sql/insertRows.ts';
import type { BlockRow, ConsumedRow, EventRow, MoneyRow } from './rows.ts';

const BLOCK_COLUMNS = ['number', 'hash', 'parentHash', 'timestamp'] as const satisfies (keyof BlockRow)[];

export async function insertBlocks(db: Kysely<Database>, blocks: readonly BlockRow[]): Promise<void> {
  await insertAll(db, 'block', BLOCK_COLUMNS, blocks);
}

/** Stored blocks at or below a height, the highest first. Not every height is stored: long histories keep the blocks with events only. */
export async function listBlocks(db: Kysely<Database>, { upTo, limit }: { upTo: bigint; limit: number }): Promise<BlockRow[]> {
  return db.selectFrom('block').selectAll().where('number', '<=', upTo).orderBy('number', 'desc').limit(limit).execute();
}

export async function findBlock(db: Kysely<Database>, number: bigint): Promise<BlockRow | undefined> {
  return db.selectFrom('block').selectAll().where('number', '=', number).executeTakeFirst();
}

/** Deletes the blocks above a height, and with them their events, money and consumed volume. */
export async function deleteBlocksAbove(db: Kysely<Database>, number: bigint): Promise<void> {
  await db.deleteFrom('block').where('number', '>', number).execute();
}

const EVENT_COLUMNS = [
  'blockNumber',
  'logIndex',
  'transactionHash',
  'address',
  'name',
  'subject',
  'args',
  'detail',
] as const satisfies (keyof EventRow)[];

export async function insertEvents(db: Kysely<Database>, events: readonly EventRow[]): Promise<void> {
  await insertAll(db, 'event', EVENT_COLUMNS, events);
}

const MONEY_COLUMNS = [
  'blockNumber',
  'logIndex',
  'transactionHash',
  'kind',
  'account',
  'counterparty',
  'amount',
  'ref',
] as const satisfies (keyof MoneyRow)[];

export async function insertMoney(db: Kysely<Database>, money: readonly MoneyRow[]): Promise<void> {
  await insertAll(db, 'money', MONEY_COLUMNS, money);
}

const CONSUMED_COLUMNS = ['blockNumber', 'logIndex', 'orderHash', 'kind', 'volume', 'dealId'] as const satisfies (keyof ConsumedRow)[];

export async function insertConsumed(db: Kysely<Database>, consumed: readonly ConsumedRow[]): Promise<void> {
  await insertAll(db, 'consumed', CONSUMED_COLUMNS, consumed);
}

/** What the events above a height have changed. */
export async function listSubjectsAbove(db: Kysely<Database>, number: bigint): Promise<string[]> {
  const rows = await db.selectFrom('event').select('subject').distinct().where('blockNumber', '>', number).execute();
  return rows.map(({ subject }) => subject);
}

export type TimedEvent = EventRow & {
  /** Unix seconds of its block. */
  readonly blockTimestamp: bigint;
};

/** All events of the subjects, in chain order. */
export async function listEventsOf(db: Kysely<Database>, subjects: readonly string[]): Promise<TimedEvent[]> {
  const { rows } = await sql<TimedEvent>`
    select event.*, block.timestamp as block_timestamp
    from event join block on block.number = event.block_number
    where subject = any(${[...subjects]}::text[])
    order by block_number, log_index`.execute(db);
  return rows;
}

async function insertAll(db: Kysely<Database>, table: string, columns: readonly string[], rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const list = columnList(columns);
  await sql`insert into ${sql.table(table)} (${list}) select ${list} from ${rowsOf(table, rows)}`.execute(db);
}
