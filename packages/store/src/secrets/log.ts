import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../Database.ts';
import type { SecretLogRow } from './rows.ts';

/** Until the transaction ends nobody else appends to the log. */
export async function lockSecretLog(trx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('secret_log', 0))`.execute(trx);
}

export async function findLastLogRow(db: Kysely<Database>): Promise<SecretLogRow | undefined> {
  return db.selectFrom('secretLog').selectAll().orderBy('sequence', 'desc').limit(1).executeTakeFirst();
}

/** Fails with `invariant-broken` when another line has this number or follows the same line. */
export async function insertLogRow(trx: Transaction<Database>, row: SecretLogRow): Promise<void> {
  await trx.insertInto('secretLog').values(row).execute();
}

/** Lines above `after` in their order, `limit` at most. */
export async function listLogRows(
  db: Kysely<Database>,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<SecretLogRow[]> {
  return db.selectFrom('secretLog').selectAll().where('sequence', '>', after).orderBy('sequence').limit(limit).execute();
}

/** Lines of one event in their order; there are few of those that are asked for. */
export async function listLogEvents(db: Kysely<Database>, event: string): Promise<SecretLogRow[]> {
  return db.selectFrom('secretLog').selectAll().where('event', '=', event).orderBy('sequence').execute();
}
