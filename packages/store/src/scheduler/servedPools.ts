import type { Address, Bytes32 } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { inTransaction } from '../sql/inTransaction.ts';
import { lower } from '../sql/lower.ts';

export interface PoolPlace {
  readonly workerpool: Address;
  /** Pool that the scheduler was started with. */
  readonly home: Address;
  /** Who owns the pool now. */
  readonly owner: Address;
}

/** Places of one scheduler: how many there are, and how many of them one owner may take. */
export interface PlaceLimits {
  readonly total: number;
  readonly perOwner: number;
}

/** `full`: no place is left; `owner-full`: none for this owner. */
export type PlaceAnswer = 'served' | 'full' | 'owner-full';

/**
 * Enters a pool among those that the scheduler of `home` serves, if there is a place for it; one that another scheduler served changes over,
 * one that is there already stays whatever the limits. Callers at the same moment wait for each other, so that no limit is passed.
 */
export async function putServedPool(db: Kysely<Database>, place: PoolPlace, limits: PlaceLimits): Promise<PlaceAnswer> {
  const [workerpool, home, owner] = [lower(place.workerpool), lower(place.home), lower(place.owner)];
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`served-pools/${home}`}, 0))`.execute(trx);
    const answer = await findPlace(trx, place, limits);
    if (answer === 'served') {
      await sql`
        insert into served_pool (workerpool, home, owner) values (${workerpool}, ${home}, ${owner})
        on conflict (workerpool) do update set home = excluded.home, owner = excluded.owner where served_pool.home <> excluded.home`.execute(
        trx,
      );
    }
    return answer;
  });
}

/** What `putServedPool` would answer now. */
export async function findPlace(db: Kysely<Database>, place: PoolPlace, limits: PlaceLimits): Promise<PlaceAnswer> {
  const [workerpool, home, owner] = [lower(place.workerpool), lower(place.home), lower(place.owner)];
  const { rows } = await sql<{ answer: PlaceAnswer }>`
    select case
      when coalesce(bool_or(workerpool = ${workerpool}), false) then 'served'
      when count(*) >= ${limits.total} then 'full'
      when count(*) filter (where owner = ${owner}) >= ${limits.perOwner} then 'owner-full'
      else 'served'
    end as answer
    from served_pool where home = ${home}`.execute(db);
  return rows[0]?.answer ?? 'full';
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

/** Deals of a pool that agree in all that decides who can serve them. */
export interface UnservedDeals {
  readonly workerpool: Address;
  /** When they were matched. */
  readonly workerpoolOwner: Address;
  readonly tag: Bytes32;
  readonly trust: bigint;
}

/**
 * Deals from block `since` on, of pools but `home` that nobody serves through this database; each kind once, the one matched last at the end.
 * @param options.limit the latest kinds are kept when there are more
 */
export async function listUnservedDeals(
  db: Kysely<Database>,
  { home, since, limit }: { home: Address; since: bigint; limit: number },
): Promise<UnservedDeals[]> {
  const { rows } = await sql<UnservedDeals>`
    select workerpool, workerpool_owner, tag, trust from deal
    where block_number >= ${since}
      and workerpool <> ${lower(home)}
      and not exists (select 1 from served_pool where served_pool.workerpool = deal.workerpool)
      and not exists (select 1 from pool_task where pool_task.workerpool = deal.workerpool)
    group by workerpool, workerpool_owner, tag, trust
    order by max(block_number) desc
    limit ${limit}`.execute(db);
  return rows.reverse();
}
