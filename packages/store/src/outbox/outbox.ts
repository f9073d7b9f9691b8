import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { OutboxStatus, OutboxTable } from './rows.ts';

/** A signed transaction as the sender of `chain` keeps it; the contract is documented there at `Outbox`. */
export interface OutboxRecord {
  readonly effect: string;
  /** As the sender spelled it. */
  readonly address: Address;
  readonly nonce: number;
  readonly hash: Bytes32;
  readonly raw: Hex;
  readonly status: OutboxStatus;
}

/** The outbox of `chain`, kept in the database: `createOutbox(store.db)` is what a sender takes. */
export function createOutbox(db: Kysely<Database>) {
  return {
    find: (address: Address, effect: string) => findOutboxEntry(db, address, effect),
    put: (entry: OutboxRecord) => putOutboxEntry(db, entry),
    settle: (address: Address, hash: Bytes32, status: OutboxStatus) => settleOutboxEntry(db, address, hash, status),
    pending: (address: Address) => listPendingOutbox(db, address),
    fromNonce: (address: Address, nonce: number) => listOutboxFromNonce(db, address, nonce),
  };
}

/** The newest entry of this effect, whatever its status. */
export async function findOutboxEntry(db: Kysely<Database>, address: Address, effect: string): Promise<OutboxRecord | undefined> {
  const row = await entriesOf(db, address).where('effect', '=', effect).orderBy('sequence', 'desc').limit(1).executeTakeFirst();
  return row && toRecord(row, address);
}

/**
 * Stores a pending entry, unless a living one has its effect or its nonce. One statement: the unique indexes decide.
 * The conflict is named by a second read, which may see another outcome than the insert did; both mean that nothing was stored.
 */
export async function putOutboxEntry(db: Kysely<Database>, entry: OutboxRecord): Promise<'stored' | 'effect-exists' | 'nonce-taken'> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('outbox')
    .values({
      hash: lower(entry.hash),
      address: lower(entry.address),
      effect: entry.effect,
      nonce: BigInt(entry.nonce),
      raw: entry.raw,
      status: 'pending',
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return 'stored';
  const living = await entriesOf(db, entry.address)
    .where('effect', '=', entry.effect)
    .where('status', 'in', ['pending', 'succeeded'])
    .executeTakeFirst();
  return living ? 'effect-exists' : 'nonce-taken';
}

/** Records what became of the newest entry with this hash (one abandoned and signed alike again has two); idempotent. */
export async function settleOutboxEntry(db: Kysely<Database>, address: Address, hash: Bytes32, status: OutboxStatus): Promise<void> {
  await sql`
    update outbox set status = ${status}, updated_at = now()
    where sequence = (select max(sequence) from outbox where hash = ${lower(hash)} and address = ${lower(address)})
      and status <> ${status}`.execute(db);
}

/** Entries of status pending, ascending by nonce. */
export async function listPendingOutbox(db: Kysely<Database>, address: Address): Promise<OutboxRecord[]> {
  const rows = await entriesOf(db, address).where('status', '=', 'pending').orderBy('nonce').execute();
  return rows.map((row) => toRecord(row, address));
}

/** Living entries with at least this nonce, ascending by nonce. */
export async function listOutboxFromNonce(db: Kysely<Database>, address: Address, nonce: number): Promise<OutboxRecord[]> {
  const rows = await entriesOf(db, address)
    .where('nonce', '>=', BigInt(nonce))
    .where('status', 'in', ['pending', 'succeeded', 'reverted'])
    .orderBy('nonce')
    .execute();
  return rows.map((row) => toRecord(row, address));
}

const entriesOf = (db: Kysely<Database>, address: Address) => db.selectFrom('outbox').selectAll().where('address', '=', lower(address));

/** Entries keep no checksum of the address; the caller's spelling is given back. */
const toRecord = (row: Selectable<OutboxTable>, address: Address): OutboxRecord => ({
  effect: row.effect,
  address,
  nonce: Number(row.nonce),
  hash: row.hash,
  raw: row.raw,
  status: row.status,
});
