import { type Kysely, sql } from 'kysely';
import type { Database } from '../Database.ts';

export interface LeaseRequest {
  /** The duty, for example `ledger`. */
  readonly name: string;
  /** Unique per process and attempt. */
  readonly holder: string;
  readonly ttlMs: number;
}

/** Takes the lease when it is free or has expired, or renews it when `holder` has it. Time is that of the database. */
export async function acquireLease(db: Kysely<Database>, { name, holder, ttlMs }: LeaseRequest): Promise<boolean> {
  const { rows } = await sql`
    insert into lease (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + ${ttlMs} * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where lease.holder = excluded.holder or lease.expires_at <= clock_timestamp()
    returning name`.execute(db);
  return rows.length === 1;
}

/** Prolongs the lease if `holder` has it still; an expired one that nobody took counts as held. */
export async function renewLease(db: Kysely<Database>, { name, holder, ttlMs }: LeaseRequest): Promise<boolean> {
  const { rows } = await sql`
    update lease set expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond'
    where name = ${name} and holder = ${holder}
    returning name`.execute(db);
  return rows.length === 1;
}

/** Gives the lease up; nothing happens when somebody else has it. */
export async function releaseLease(db: Kysely<Database>, { name, holder }: Omit<LeaseRequest, 'ttlMs'>): Promise<void> {
  await sql`delete from lease where name = ${name} and holder = ${holder}`.execute(db);
}

/**
 * Inside a transaction: whether `holder` has the lease, and nobody else will before the transaction ends.
 * This is the fence of a leader's writes: a leader that was taken over writes nothing more.
 */
export async function holdsLease(trx: Kysely<Database>, { name, holder }: Omit<LeaseRequest, 'ttlMs'>): Promise<boolean> {
  const { rows } = await sql`select 1 from lease where name = ${name} and holder = ${holder} for share`.execute(trx);
  return rows.length === 1;
}
