import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertPoolTasks, listPoolTasks, openStore } from '../src/index.ts';
import { migrate } from '../src/migrate.ts';
import { MIGRATIONS } from '../src/migrations/index.ts';
import { aPoolTask } from './values.ts';

const folder = mkdtempSync(join(tmpdir(), 'gleaner-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an embedded database', () => {
  test('whose making was cut off is made anew; it keeps its rows, serves one process, and tells damage', async () => {
    const dataDir = join(folder, 'kept');
    await killWhileMaking(dataDir);
    const task = aPoolTask();
    const first = await openStore({ dataDir });
    await insertPoolTasks(first.db, [task]);
    await expect(openStore({ dataDir })).rejects.toMatchObject({ code: 'data-unreadable', details: { pid: process.pid } });
    await first.close();

    const second = await openStore({ dataDir });
    expect((await listPoolTasks(second.db)).map(({ taskId }) => taskId)).toEqual([task.taskId]);
    await second.close();
    expect(existsSync(`${dataDir}.lock`)).toBe(false);

    truncateSync(join(dataDir, 'global', 'pg_control'), 100);
    await expect(openStore({ dataDir })).rejects.toMatchObject({ code: 'data-corrupt' });
    expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(true);
  }, 120_000);

  test('cannot be a file, or a folder of something else', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openStore({ dataDir: file })).rejects.toMatchObject({ code: 'data-unreadable' });
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'PG_VERSION'), 'letters');
    await expect(openStore({ dataDir: other })).rejects.toMatchObject({ code: 'data-corrupt' });
    expect(existsSync(join(other, 'PG_VERSION'))).toBe(true);
  });
});

describe('a server', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres?.close());

  test('may be opened by many at once, the schema is made once', async () => {
    const url = (await postgres.createDatabase({ isEmpty: true })).url;
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ url, maxConnections: 2 })));
    const [store] = stores;
    if (store) {
      const changed = MIGRATIONS.map((step) => (step.number === 2 ? { ...step, text: `${step.text} ` } : step));
      await expect(migrate(store.db, changed)).rejects.toMatchObject({ code: 'data-corrupt' });
      const later = { number: (MIGRATIONS.at(-1)?.number ?? 0) + 1, name: 'later', text: 'create table later (x int4);\n' };
      await migrate(store.db, [...MIGRATIONS, later]);
      await expect(migrate(store.db)).rejects.toMatchObject({ code: 'data-corrupt' });
    }
    await Promise.all(stores.map((one) => one.close()));
  });

  test('that is not there, or refuses, is unreachable; the password stays out of the error', async () => {
    const absent = openStore({ url: 'postgres://someone:s3cret@127.0.0.1:1/x' });
    const error = await absent.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'database-unreachable', details: { database: '127.0.0.1:1/x' } });
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
    const url = (await postgres.createDatabase({ isEmpty: true })).url;
    await expect(openStore({ url: url.replace(/test_\w+/, 'absent') })).rejects.toMatchObject({ code: 'database-unreachable' });
    await expect(openStore({ url: 'nonsense' })).rejects.toMatchObject({ code: 'database-unreachable' });
  });

  test('that goes away fails the statement, and serves again when it is back', async () => {
    const store = await openStore({ url: (await postgres.createDatabase({ isEmpty: true })).url });
    await postgres.kill();
    // Processes of the server that hold a connection may outlive it by a moment, and answer.
    await expect
      .poll(() => listPoolTasks(store.db).catch((error: unknown) => error), { timeout: 10_000 })
      .toMatchObject({ code: 'database-unreachable', retryable: true });
    await postgres.restart();
    await expect.poll(() => listPoolTasks(store.db).catch(() => undefined), { timeout: 10_000 }).toEqual([]);
    await store.close();
  });

  test('tells a broken rule from a defect', async () => {
    const store = await openStore({ url: (await postgres.createDatabase({ isEmpty: true })).url });
    const block = { number: 1n, hash: '0x', parentHash: '0x', timestamp: 1n } as never;
    await store.db.insertInto('block').values(block).execute();
    await expect(store.db.insertInto('block').values(block).execute()).rejects.toMatchObject({
      code: 'invariant-broken',
      details: { code: '23505' },
    });
    await store.close();
  });
});

async function killWhileMaking(dataDir: string): Promise<void> {
  const child = opener(dataDir);
  while (!existsSync(join(dataDir, 'base'))) await sleep(20);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(`${dataDir}.creating`)).toBe(true);
}

/** A process that opens the embedded database of a folder and stays. */
function opener(dataDir: string): ChildProcess {
  const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const script = `import { openStore } from ${JSON.stringify(index)}; await openStore({ dataDir: ${JSON.stringify(dataDir)} }); setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}
