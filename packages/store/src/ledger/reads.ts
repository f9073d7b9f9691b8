import type { Address, DealId, OrderHash, TaskId } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { AssetKind, AssetRow, CategoryRow, ContributionRow, DealRow, MoneyRow, TaskRow } from './rows.ts';

export async function findDeal(db: Kysely<Database>, dealId: DealId): Promise<DealRow | undefined> {
  return db.selectFrom('deal').selectAll().where('dealId', '=', lower(dealId)).executeTakeFirst();
}

/** Equality filters; all given ones must hold. */
export interface DealFilter {
  readonly category?: bigint;
  readonly requester?: Address;
  readonly beneficiary?: Address;
  readonly sponsor?: Address;
  readonly app?: Address;
  readonly dataset?: Address;
  readonly workerpool?: Address;
  readonly appOwner?: Address;
  readonly datasetOwner?: Address;
  readonly workerpoolOwner?: Address;
  readonly appHash?: OrderHash;
  readonly datasetHash?: OrderHash;
  readonly workerpoolHash?: OrderHash;
  readonly requestHash?: OrderHash;
}

/** One page of deals, the newest first, and how many there are over all pages. */
export async function listDeals(
  db: Kysely<Database>,
  filter: DealFilter,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ deals: DealRow[]; count: number }> {
  let query = db.selectFrom('deal');
  for (const [field, value] of Object.entries(filter) as [keyof DealFilter, string | bigint | undefined][]) {
    if (value === undefined) continue;
    query = query.where(field, '=', typeof value === 'string' ? (value.toLowerCase() as never) : (value as never));
  }
  const deals = await query.selectAll().orderBy('blockNumber', 'desc').orderBy('logIndex', 'desc').offset(skip).limit(limit).execute();
  const { count } = await query.select(sql<bigint>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return { deals, count: Number(count) };
}

/** Deals of a pool whose tasks the scheduler has not taken up completely, the oldest first. */
export async function listDealsToTakeUp(
  db: Kysely<Database>,
  { workerpools, limit }: { workerpools: readonly Address[]; limit: number },
): Promise<(DealRow & { readonly timeref: bigint })[]> {
  const { rows } = await sql<DealRow & { timeref: bigint }>`
    select deal.*, category.timeref
    from deal join category on category.category_id = deal.category
    where deal.workerpool = any(${workerpools.map(lower)}::text[])
      and not exists (select 1 from pool_task where pool_task.deal_id = deal.deal_id and pool_task.index = deal.bot_first + deal.bot_size - 1)
    order by deal.block_number, deal.log_index
    limit ${limit}`.execute(db);
  return rows;
}

export async function findTask(db: Kysely<Database>, taskId: TaskId): Promise<TaskRow | undefined> {
  return db.selectFrom('task').selectAll().where('taskId', '=', lower(taskId)).executeTakeFirst();
}

export async function listTasks(db: Kysely<Database>, taskIds: readonly TaskId[]): Promise<TaskRow[]> {
  if (taskIds.length === 0) return [];
  return db.selectFrom('task').selectAll().where('taskId', 'in', taskIds.map(lower)).execute();
}

/** The initialized tasks of a deal, by index. */
export async function listTasksOfDeal(db: Kysely<Database>, dealId: DealId): Promise<TaskRow[]> {
  return db.selectFrom('task').selectAll().where('dealId', '=', lower(dealId)).orderBy('index').execute();
}

/** Tasks anybody may claim at `now` (Unix seconds): neither completed nor failed, final deadline passed. The longest overdue first. */
export async function listClaimableTasks(db: Kysely<Database>, { now, limit }: { now: bigint; limit: number }): Promise<TaskRow[]> {
  return db
    .selectFrom('task')
    .selectAll()
    .where('status', 'in', ['ACTIVE', 'REVEALING'])
    .where('finalDeadline', '<=', now)
    .orderBy('finalDeadline')
    .orderBy('taskId')
    .limit(limit)
    .execute();
}

export interface OverdueDeal {
  readonly dealId: DealId;
  readonly botFirst: bigint;
  readonly botSize: bigint;
  /** Indexes of the tasks that were initialized. */
  readonly initialized: bigint[];
}

/**
 * Deals past their final deadline at `now` with tasks that were never initialized: these need `initializeAndClaimArray`.
 * The deadline counts ten times the time reference of the category, which never changes.
 */
export async function listOverdueDeals(db: Kysely<Database>, { now, limit }: { now: bigint; limit: number }): Promise<OverdueDeal[]> {
  const { rows } = await sql<OverdueDeal>`
    select deal.deal_id, deal.bot_first, deal.bot_size,
      coalesce(array_agg(task.index order by task.index) filter (where task.index is not null), '{}') as initialized
    from deal
    join category on category.category_id = deal.category
    left join task on task.deal_id = deal.deal_id
    where deal.start_time + 10 * category.timeref <= ${now}
    group by deal.deal_id
    having count(task.task_id) < deal.bot_size
    order by deal.start_time, deal.deal_id
    limit ${limit}`.execute(db);
  return rows;
}

/** In the order in which they were made. */
export async function listContributions(db: Kysely<Database>, taskIds: readonly TaskId[]): Promise<ContributionRow[]> {
  if (taskIds.length === 0) return [];
  return db
    .selectFrom('contribution')
    .selectAll()
    .where('taskId', 'in', taskIds.map(lower))
    .orderBy('taskId')
    .orderBy('position')
    .execute();
}

export async function findAsset(db: Kysely<Database>, address: Address): Promise<AssetRow | undefined> {
  return db.selectFrom('asset').selectAll().where('address', '=', lower(address)).executeTakeFirst();
}

export async function listAssetsAt(db: Kysely<Database>, addresses: readonly Address[]): Promise<AssetRow[]> {
  if (addresses.length === 0) return [];
  return db.selectFrom('asset').selectAll().where('address', 'in', addresses.map(lower)).execute();
}

export async function listAssets(
  db: Kysely<Database>,
  filter: { kind?: AssetKind; owner?: Address } = {},
  limit = 1000,
): Promise<AssetRow[]> {
  let query = db.selectFrom('asset').selectAll();
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.owner) query = query.where('owner', '=', lower(filter.owner));
  return query.orderBy('createdBlock').orderBy('address').limit(limit).execute();
}

export async function listCategories(db: Kysely<Database>): Promise<CategoryRow[]> {
  return db.selectFrom('category').selectAll().orderBy('categoryId').execute();
}

export interface Consumption {
  readonly orderHash: OrderHash;
  /** Volume taken by deals. */
  readonly consumed: bigint;
  /** Closed on chain: nothing remains, whatever `consumed` says. */
  readonly closed: boolean;
  readonly presigned: boolean;
}

/** What the chain says about orders; those it never saw are not in the answer. */
export async function listConsumption(db: Kysely<Database>, orderHashes: readonly OrderHash[]): Promise<Consumption[]> {
  const { rows } = await sql<Consumption>`
    select order_hash, sum(volume) as consumed, bool_or(kind = 'closed') as closed, bool_or(kind = 'signed') as presigned
    from consumed where order_hash = any(${orderHashes.map(lower)}::text[])
    group by order_hash`.execute(db);
  return rows;
}

/** Money that names the task as its reason (rewards and seizures), in chain order. */
export async function listMoneyOfTask(db: Kysely<Database>, taskId: TaskId): Promise<MoneyRow[]> {
  return db.selectFrom('money').selectAll().where('ref', '=', lower(taskId)).orderBy('blockNumber').orderBy('logIndex').execute();
}

export interface Payout {
  readonly account: Address;
  /** nRLC. */
  readonly rewarded: bigint;
  readonly seized: bigint;
}

/** What each account got and lost by a task, largest reward first. Of a completed task: all rewards = price + seizures of workers + kitty part. */
export async function listPayouts(db: Kysely<Database>, taskId: TaskId): Promise<Payout[]> {
  const { rows } = await sql<Payout>`
    select account,
      coalesce(sum(amount) filter (where kind = 'Reward'), 0) as rewarded,
      coalesce(sum(amount) filter (where kind = 'Seize'), 0) as seized
    from money where ref = ${lower(taskId)}
    group by account order by rewarded desc, account`.execute(db);
  return rows;
}

/** Money of an account, the newest first. */
export async function listMoneyOfAccount(db: Kysely<Database>, account: Address, limit = 100): Promise<MoneyRow[]> {
  return db
    .selectFrom('money')
    .selectAll()
    .where((row) => row.or([row('account', '=', lower(account)), row('counterparty', '=', lower(account))]))
    .orderBy('blockNumber', 'desc')
    .orderBy('logIndex', 'desc')
    .limit(limit)
    .execute();
}
