import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../Database.ts';

/** Runs in the caller's transaction when there is one, otherwise in one of its own. */
export function inTransaction<T>(db: Kysely<Database>, action: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.isTransaction ? action(db as Transaction<Database>) : db.transaction().execute(action);
}
