import type { Address } from '@gleaner/primitives';
import { type Kysely, sql } from 'kysely';
import type { Database, WorkerRow } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import { cleanText } from '../sql/toJsonText.ts';
import { SLOT_STATUSES } from './replicateStatus.ts';

/** Opens a session for a wallet that has proved its key; a former session of it ends. Creates the worker when it is new. */
export async function putWorkerSession(
  db: Kysely<Database>,
  { wallet, workerpool, tokenHash, ttlMs }: { wallet: Address; workerpool: Address; tokenHash: string; ttlMs: number },
): Promise<void> {
  await sql`
    insert into worker (wallet, workerpool, session_token_hash, session_expires_at)
    values (${lower(wallet)}, ${lower(workerpool)}, ${tokenHash}, clock_timestamp() + ${ttlMs} * interval '1 millisecond')
    on conflict (wallet) do update set
      workerpool = excluded.workerpool,
      session_token_hash = excluded.session_token_hash,
      session_expires_at = excluded.session_expires_at,
      last_seen_at = clock_timestamp()`.execute(db);
}

/** The worker of a session that has not expired. */
export async function findWorkerBySession(db: Kysely<Database>, tokenHash: string): Promise<WorkerRow | undefined> {
  return db
    .selectFrom('worker')
    .selectAll()
    .where('sessionTokenHash', '=', tokenHash)
    .where('sessionExpiresAt', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst();
}

export interface WorkerRegistration {
  readonly wallet: Address;
  readonly workerpool: Address;
  readonly name: string;
  readonly os: string;
  readonly cpuCount: number;
  readonly memoryBytes: bigint;
  /** Kinds of program it runs, for example `wasi`. */
  readonly kinds: readonly string[];
  /** Tasks it computes at once. */
  readonly slots: number;
}

/** Records what a worker offers, or changes it; counts as a sign of life. */
export async function registerWorker(db: Kysely<Database>, worker: WorkerRegistration): Promise<WorkerRow> {
  const { rows } = await sql<WorkerRow>`
    insert into worker (wallet, workerpool, name, os, cpu_count, memory_bytes, kinds, slots, registered_at)
    values (
      ${lower(worker.wallet)}, ${lower(worker.workerpool)}, ${cleanText(worker.name)}, ${cleanText(worker.os)},
      ${worker.cpuCount}, ${worker.memoryBytes}, ${[...worker.kinds]}::text[], ${worker.slots}, clock_timestamp()
    )
    on conflict (wallet) do update set
      workerpool = excluded.workerpool, name = excluded.name, os = excluded.os, cpu_count = excluded.cpu_count,
      memory_bytes = excluded.memory_bytes, kinds = excluded.kinds, slots = excluded.slots,
      registered_at = clock_timestamp(), last_seen_at = clock_timestamp()
    returning *`.execute(db);
  return rows[0] as WorkerRow;
}

/** Records a sign of life; false when the worker is unknown and must register again. */
export async function touchWorker(db: Kysely<Database>, wallet: Address): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('worker')
    .set({ lastSeenAt: sql`clock_timestamp()` })
    .where('wallet', '=', lower(wallet))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function findWorker(db: Kysely<Database>, wallet: Address): Promise<WorkerRow | undefined> {
  return db.selectFrom('worker').selectAll().where('wallet', '=', lower(wallet)).executeTakeFirst();
}

export type OnlineWorker = WorkerRow & {
  /** Slots in use now. */
  readonly busy: number;
};

/** Registered workers of a pool seen within `silentMs`, those with most free slots first. */
export async function listOnlineWorkers(
  db: Kysely<Database>,
  { workerpool, silentMs }: { workerpool: Address; silentMs: number },
): Promise<OnlineWorker[]> {
  const { rows } = await sql<OnlineWorker>`
    select worker.*, taken.busy
    from worker, lateral (
      select count(*)::int4 as busy from replicate
      where replicate.worker = worker.wallet and replicate.status = any(${[...SLOT_STATUSES]}::text[])
    ) as taken
    where workerpool = ${lower(workerpool)} and registered_at is not null
      and last_seen_at >= clock_timestamp() - ${silentMs} * interval '1 millisecond'
    order by slots - taken.busy desc, wallet`.execute(db);
  return rows;
}

/** Every worker the pool has seen, the latest first. */
export async function listWorkers(db: Kysely<Database>, workerpool: Address): Promise<WorkerRow[]> {
  return db
    .selectFrom('worker')
    .selectAll()
    .where('workerpool', '=', lower(workerpool))
    .orderBy('lastSeenAt', 'desc')
    .orderBy('wallet')
    .execute();
}
