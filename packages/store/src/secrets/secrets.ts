import type { Kysely } from 'kysely';
import type { Database } from '../Database.ts';
import { lower } from '../sql/lower.ts';
import type { SealedSecret, SecretId } from './rows.ts';

export async function findSecret(db: Kysely<Database>, id: SecretId): Promise<SealedSecret | undefined> {
  return db
    .selectFrom('secret')
    .select(['nonce', 'ciphertext'])
    .where((is) => is.and(keyOf(id)))
    .executeTakeFirst();
}

export async function hasSecret(db: Kysely<Database>, id: SecretId): Promise<boolean> {
  const row = await db
    .selectFrom('secret')
    .select('kind')
    .where((is) => is.and(keyOf(id)))
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns false when there is one already, which stays as it is, however many insert at once */
export async function insertSecret(db: Kysely<Database>, id: SecretId, sealed: SealedSecret): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('secret')
    .values({ ...keyOf(id), ...sealed })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** How many secrets of this kind an owner has. */
export async function countSecrets(db: Kysely<Database>, { kind, owner }: Omit<SecretId, 'name'>): Promise<number> {
  const { count } = await db
    .selectFrom('secret')
    .select((is) => is.fn.countAll<bigint>().as('count'))
    .where((is) => is.and({ kind, owner: lower(owner) }))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** @returns false when there is none to replace */
export async function replaceSecret(db: Kysely<Database>, id: SecretId, sealed: SealedSecret): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('secret')
    .set({ ...sealed, updatedAt: new Date() })
    .where((is) => is.and(keyOf(id)))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const keyOf = ({ kind, owner, name }: SecretId): SecretId => ({ kind, owner: lower(owner), name });
