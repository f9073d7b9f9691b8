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

/**
 * Pools with a deal from block `since` on that nobody serves through this database: those whose owner was `owner`, and those of deals that
 * one enclave ends alone (tag bit 0, trust 0 or 1). In lower case.
 */
export async function listUnservedPools(
  db: Kysely<Database>,
  { home, owner, since, limit }: { home: Address; owner: Address; since: bigint; limit: number },
): Promise<Address[]> {
  const { rows } = await sql<{ workerpool: Address }>`
    select distinct workerpool from deal
    where block_number >= ${since}
      and workerpool <> ${lower(home)}
      and (workerpool_owner = ${lower(owner)} or (right(tag, 1) = any('{1,3,5,7,9,b,d,f}') and trust <= 1))
      and not exists (select 1 from served_pool where served_pool.workerpool = deal.workerpool)
      and not exists (select 1 from pool_task where pool_task.workerpool = deal.workerpool)
    limit ${limit}`.execute(db);
  return rows.map(({ workerpool }) => workerpool);
}
