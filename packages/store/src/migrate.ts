import { createHash } from 'node:crypto';
import { GleanerError } from '@gleaner/primitives';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './Database.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';

/** Any constant that no other program on the same server is likely to use. */
const ADVISORY_LOCK = 7_301_914_420_533n;

interface Applied {
  readonly number: number;
  readonly checksum: string;
}

/**
 * Brings the schema to the newest migration: all missing steps in one transaction under an advisory lock,
 * so that several processes may open one database at the same time.
 * @throws {GleanerError} data-corrupt when an applied step is unknown to this version or its text has changed
 */
export async function migrate(db: Kysely<Database>, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(trx);
    await sql`create table if not exists migration (number int4 primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`.execute(
      trx,
    );
    const { rows } = await sql<Applied>`select number, checksum from migration order by number`.execute(trx);
    assertKnown(rows, migrations);
    for (const step of migrations.slice(rows.length)) await apply(trx, step);
  });
}

function assertKnown(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [position, { number, checksum }] of applied.entries()) {
    const step = migrations[position];
    if (step?.number === number && checksumOf(step) === checksum) continue;
    throw new GleanerError('data-corrupt', `Migration ${number} of the database is not the one this version knows; use a newer version`, {
      details: { migration: number, known: migrations.length },
    });
  }
}

async function apply(trx: Transaction<Database>, step: Migration): Promise<void> {
  for (const statement of statementsOf(step.text)) await sql.raw(statement).execute(trx);
  await sql`insert into migration (number, name, checksum) values (${step.number}, ${step.name}, ${checksumOf(step)})`.execute(trx);
}

/** A statement ends in a semicolon before an empty line or the end; the body of a function has no empty lines. */
const statementsOf = (text: string): string[] =>
  text
    .split(/;\s*(?:\n\s*\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

const checksumOf = (step: Migration): string => createHash('sha256').update(step.text).digest('hex');
