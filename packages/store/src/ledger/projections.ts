import type { Address, DealId, TaskId } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { columnList, overwrite, rowsOf } from '../sql/insertRows.ts';
import type { AssetRow, CategoryRow, ContributionRow, DealRow, TaskRow } from './rows.ts';

const DEAL_COLUMNS = [
  'dealId',
  'blockNumber',
  'logIndex',
  'blockTimestamp',
  'transactionHash',
  'app',
  'appOwner',
  'appPrice',
  'dataset',
  'datasetOwner',
  'datasetPrice',
  'workerpool',
  'workerpoolOwner',
  'workerpoolPrice',
  'trust',
  'category',
  'tag',
  'requester',
  'beneficiary',
  'callback',
  'params',
  'startTime',
  'botFirst',
  'botSize',
  'workerStake',
  'schedulerRewardRatio',
  'sponsor',
  'appHash',
  'datasetHash',
  'workerpoolHash',
  'requestHash',
] as const satisfies (keyof DealRow)[];

export async function putDeals(db: Kysely<Database>, deals: readonly DealRow[]): Promise<void> {
  await putAll(db, 'deal', ['dealId'], DEAL_COLUMNS, deals);
}

const TASK_COLUMNS = [
  'taskId',
  'dealId',
  'index',
  'status',
  'timeref',
  'contributionDeadline',
  'revealDeadline',
  'finalDeadline',
  'consensusValue',
  'winnerCounter',
  'revealCounter',
  'reopenings',
  'resultDigest',
  'results',
  'initializedAt',
  'consensusAt',
  'endedAt',
  'updatedBlock',
] as const satisfies (keyof TaskRow)[];

export async function putTasks(db: Kysely<Database>, tasks: readonly TaskRow[]): Promise<void> {
  await putAll(db, 'task', ['taskId'], TASK_COLUMNS, tasks);
}

const CONTRIBUTION_COLUMNS = [
  'taskId',
  'worker',
  'position',
  'status',
  'resultHash',
  'resultDigest',
  'accurate',
  'contributedAt',
  'contributedBlock',
  'transactionHash',
  'revealedAt',
] as const satisfies (keyof ContributionRow)[];

export async function putContributions(db: Kysely<Database>, contributions: readonly ContributionRow[]): Promise<void> {
  await putAll(db, 'contribution', ['taskId', 'worker'], CONTRIBUTION_COLUMNS, contributions);
}

const ASSET_COLUMNS = ['address', 'kind', 'owner', 'createdBlock', 'updatedBlock'] as const satisfies (keyof AssetRow)[];

export async function putAssets(db: Kysely<Database>, assets: readonly AssetRow[]): Promise<void> {
  await putAll(db, 'asset', ['address'], ASSET_COLUMNS, assets);
}

const CATEGORY_COLUMNS = ['categoryId', 'name', 'description', 'timeref', 'createdBlock'] as const satisfies (keyof CategoryRow)[];

export async function putCategories(db: Kysely<Database>, categories: readonly CategoryRow[]): Promise<void> {
  await putAll(db, 'category', ['categoryId'], CATEGORY_COLUMNS, categories);
}

export async function deleteDeals(db: Kysely<Database>, dealIds: readonly DealId[]): Promise<void> {
  await sql`delete from deal where deal_id = any(${[...dealIds]}::text[])`.execute(db);
}

/** The tasks and their contributions. */
export async function deleteTasks(db: Kysely<Database>, taskIds: readonly TaskId[]): Promise<void> {
  await sql`delete from contribution where task_id = any(${[...taskIds]}::text[])`.execute(db);
  await sql`delete from task where task_id = any(${[...taskIds]}::text[])`.execute(db);
}

export async function deleteAssets(db: Kysely<Database>, addresses: readonly Address[]): Promise<void> {
  await sql`delete from asset where address = any(${[...addresses]}::text[])`.execute(db);
}

export async function deleteCategories(db: Kysely<Database>, categoryIds: readonly bigint[]): Promise<void> {
  await sql`delete from category where category_id = any(${[...categoryIds]}::numeric[])`.execute(db);
}

async function putAll(
  db: Kysely<Database>,
  table: string,
  key: readonly string[],
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const list = columnList(columns);
  await sql`
    insert into ${sql.table(table)} (${list}) select ${list} from ${rowsOf(table, rows)}
    on conflict (${columnList(key)}) do update set ${overwrite(columns.filter((column) => !key.includes(column)))}`.execute(db);
}
