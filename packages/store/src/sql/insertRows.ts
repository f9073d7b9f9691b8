import { type RawBuilder, sql } from 'kysely';
import { toJsonText } from './toJsonText.ts';

/**
 * Rows as a set that has the columns of `table`; one parameter whatever their number. Absent columns are null.
 * The schema is named because `money` alone is a type of PostgreSQL itself.
 */
export function rowsOf(table: string, rows: readonly object[]): RawBuilder<unknown> {
  return sql`jsonb_populate_recordset(null::${sql.id('public', table)}, ${toJsonText(rows.map(toSnakeKeys))}::jsonb)`;
}

/** `columns` in SQL spelling, for the lists of an insert. */
export function columnList(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(toSnakeCase(column))));
}

/** `a = excluded.a, …` for an upsert that overwrites. */
export function overwrite(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${sql.ref(toSnakeCase(column))} = excluded.${sql.ref(toSnakeCase(column))}`));
}

const toSnakeKeys = (row: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [toSnakeCase(key), value]));

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
