import type { Address } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';

/**
 * Enters a pool among those that the scheduler of `home` serves, at most `limit` of them; one that another scheduler served changes over.
 * @returns whether it is among them now
 */
export async function putServedPool(
  db: Kysely<Database>,
  { workerpool, home, limit }: { workerpool: Address; home: Address; limit: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into served_pool (workerpool, home)
    select ${lower(workerpool)}, ${lower(home)}
    where exists (select 1 from served_pool where workerpool = ${lower(workerpool)} and home = ${lower(home)})
      or (select count(*) from served_pool where home = ${lower(home)}) < ${limit}
    on conflict (workerpool) do update set home = excluded.home
    returning workerpool`.execute(db);
  return rows.length === 1;
}

/** Pools that the scheduler of `home` took up at run time, in lower case, the longest served first. */
export async function listServedPools(db: Kysely<Database>, home: Address): Promise<Address[]> {
  const rows = await db
    .selectFrom('servedPool')
    .select('workerpool')
    .where('home', '=', lower(home))
    .orderBy('servedAt')
    .orderBy('workerpool')
    .execute();
  return rows.map(({ workerpool }) => workerpool);
}
