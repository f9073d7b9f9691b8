import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@gleaner/store';
import { sql } from 'kysely';

type Question = ReturnType<typeof sql<{ is: boolean }>>;

/** Asks the database until it says yes. */
export async function untilDatabase({ db }: Pick<Store, 'db'>, question: Question): Promise<void> {
  while (!(await question.execute(db)).rows[0]?.is) await sleep(20);
}

/** Until the server has ended what a killed client had begun. */
export const untilSettled = (store: Pick<Store, 'db'>): Promise<void> =>
  untilDatabase(
    store,
    sql<{ is: boolean }>`
    select not exists (
      select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend') as is`,
  );
