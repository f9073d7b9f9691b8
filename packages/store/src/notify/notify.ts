import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';

/** Tells all listeners of the channel; inside a transaction when it commits. The payload holds less than 8000 bytes. */
export async function notify(db: Kysely<Database>, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db);
}
