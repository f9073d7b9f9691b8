import type { Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { Database } from '../Database.ts';

export type Transaction = KyselyTransaction<Database>;

/** Runs in the caller's transaction when there is one, otherwise in one of its own. */
export function inTransaction<T>(db: Kysely<Database>, action: (trx: Transaction) => Promise<T>): Promise<T> {
  return db.isTransaction ? action(db as Transaction) : db.transaction().execute(action);
}
