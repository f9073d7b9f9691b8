import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../src/index.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.close());

test('databases are made from the template with our schema and do not see each other', async () => {
  const [first, second] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
  expect(await query(first.url, 'SELECT count(*) FROM pool_task')).toEqual([{ count: '0' }]);
  await query(first.url, 'CREATE TABLE only_here (id int)');
  await expect(query(second.url, 'SELECT * FROM only_here')).rejects.toThrow('does not exist');
  await first.drop();
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow('does not exist');
});

test('an empty database has no tables of ours', async () => {
  const { url } = await postgres.createDatabase({ isEmpty: true });
  expect(await query(url, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")).toEqual([{ count: '0' }]);
});

async function query(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
