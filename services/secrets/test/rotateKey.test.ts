import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, TaskId } from '@gleaner/primitives';
import { findSecret, openStore, type SecretId, type Store, type StoreOptions } from '@gleaner/store';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSecretStore } from '../src/adapters/secretStore.ts';
import { newAnswerKey, openAnswerKey } from '../src/domain/answerKey.ts';
import { deriveKeys } from '../src/domain/masterKeys.ts';
import { openSecret, sealSecret } from '../src/domain/sealSecret.ts';
import { openMasterKey } from '../src/openMasterKey.ts';
import { rotateKey } from '../src/rotateKey.ts';
import { verifyLog } from '../src/verifyLog.ts';
import { untilDatabase, untilSettled } from './untilDatabase.ts';

const KILLS = process.env['GLEANER_DEEP'] ? 8 : 1;
const SECRETS = process.env['GLEANER_DEEP'] ? 1_000 : 60;

const OWNER: Address = `0x${'0a'.repeat(20)}`;
const RELEASE = {
  taskId: `0x${'11'.repeat(32)}` as TaskId,
  worker: `0x${'22'.repeat(20)}` as Address,
  enclave: `0x${'33'.repeat(20)}` as Address,
  sealingKey: `0x${'44'.repeat(32)}`,
} as const;

let postgres: TestPostgres;
let database: StoreOptions & { url: string };
let store: Store;
let folder: string;
let keyFile: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-rotate-'));
  keyFile = join(folder, 'master.key');
  database = { url: (await postgres.createDatabase()).url };
  store = await openStore(database);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('a rotation', () => {
  test('seals everything anew; the old key opens nothing, the log goes on and is sound from its first line, again and again', async () => {
    const { old, answerKey } = await fill(5);
    const files = [readFileSync(keyFile)];
    for (let rotation = 1; rotation <= 3; rotation += 1) {
      expect(await rotateKey(store, keyFile)).toEqual({ secrets: 5, answers: 1, resumed: false });
      files.push(readFileSync(keyFile));
      const keys = await openMasterKey(store, keyFile);
      await expectOpens(keys.atRest, 5);
      expect(
        await secretStore(keys.log)
          .close(RELEASE, line('enclave.closed'))
          .then((sealed) => sealed && openAnswerKey(keys.atRest, RELEASE, sealed)),
      ).toBe(answerKey);
      const sealed = await findSecret(store.db, idOf(0));
      for (const file of files.slice(0, -1))
        expect(() => sealed && openSecret(deriveKeys(file).atRest, idOf(0), sealed)).toThrow('does not open');
      expect(await create(keys, `after ${rotation}`)).toBe(true);
      await secretStore(keys.log).replace(
        idOf(`after ${rotation}`),
        sealSecret(keys.atRest, idOf(0), 'gone', nonce()),
        line('secret.replaced'),
      );
      await sql`delete from secret where name like 'after%'`.execute(store.db);
      expect(await verifyLog(store, keys)).not.toHaveProperty('fault');
    }
    expect(new Set(files.map((file) => file.toString('hex'))).size).toBe(4);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
    await expect(create(old, 'stray')).rejects.toMatchObject({ code: 'data-corrupt' });
    expect(await verifyLog(store, old)).toHaveProperty('fault');
  });

  test('does not cover up: a changed line of before is found with the new key, in the log of the old one and in the line of the rotation', async () => {
    await fill(3);
    await rotateKey(store, keyFile);
    await rotateKey(store, keyFile);
    const keys = await openMasterKey(store, keyFile);
    const { rows } = await sql<{ sequence: bigint; entry: string; hash: string }>`select * from secret_log order by sequence`.execute(
      store.db,
    );
    for (const { sequence, entry } of rows) {
      await sql`update secret_log set entry = ${entry.replace('"at"', '"At"')} where sequence = ${sequence}`.execute(store.db);
      expect((await verifyLog(store, keys)).fault?.sequence, `${sequence}`).toBe(sequence);
      await sql`update secret_log set entry = ${entry} where sequence = ${sequence}`.execute(store.db);
    }
    const [rotation] = rows.slice(-1);
    await sql`update secret_log set entry = '{}' where sequence = ${rotation?.sequence}`.execute(store.db);
    expect((await verifyLog(store, keys)).fault?.sequence).toBe(rotation?.sequence);
    await sql`update secret_log set entry = ${rotation?.entry} where sequence = ${rotation?.sequence}`.execute(store.db);
    await sql`delete from secret_log where sequence = 2`.execute(store.db);
    expect((await verifyLog(store, keys)).fault).toBeDefined();
  });

  test('refuses over a log or a secret that is not sound, and changes nothing', async () => {
    const { old } = await fill(3);
    await sql`update secret_log set entry = replace(entry, 'k1', 'kX') where sequence = 2`.execute(store.db);
    await expect(rotateKey(store, keyFile)).rejects.toMatchObject({ code: 'data-corrupt' });
    await sql`update secret_log set entry = replace(entry, 'kX', 'k1') where sequence = 2`.execute(store.db);
    await sql`update secret set ciphertext = set_byte(ciphertext, 0, 255 - get_byte(ciphertext, 0)) where name = 'k2'`.execute(store.db);
    await expect(rotateKey(store, keyFile)).rejects.toMatchObject({ code: 'data-corrupt' });
    await sql`update secret set ciphertext = set_byte(ciphertext, 0, 255 - get_byte(ciphertext, 0)) where name = 'k2'`.execute(store.db);
    await expectOpens(old.atRest, 3);
    expect(await rotateKey(store, keyFile)).toMatchObject({ secrets: 3 });
  });

  test('with a key that did not write the log is refused; of an empty database it works', async () => {
    expect(await rotateEmpty()).toEqual({ secrets: 0, answers: 0, resumed: false });
    expect(await verifyLog(store, await openMasterKey(store, keyFile))).toMatchObject({ head: { sequence: 1n } });
    const other = join(folder, 'other.key');
    writeFileSync(other, Buffer.alloc(32, 7), { mode: 0o600 });
    await expect(rotateKey(store, other)).rejects.toMatchObject({ code: 'data-corrupt' });
    await expect(rotateKey(store, join(folder, 'none.key'))).rejects.toMatchObject({ code: 'key-not-found' });
  });
});

describe('a rotation that is killed', () => {
  test('while it seals: the old key opens everything, and doing it again brings it to its end', async () => {
    const { old } = await fill(SECRETS);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const names = `k${Math.floor((SECRETS * (kill + 1)) / (KILLS + 1))}`;
      await store.db.transaction().execute(async (trx) => {
        await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
        // it gets as far as this row
        await sql`select 1 from secret where name = ${names} for update`.execute(trx);
        const rotation = startRotation();
        await waitingForLock();
        rotation.kill('SIGKILL');
        await once(rotation, 'exit');
      });
      await untilSettled(store);
      expect((await openMasterKey(store, keyFile)).atRest).toEqual(old.atRest);
      await expectOpens(old.atRest, SECRETS);
      expect(await create(old, `between ${kill}`)).toBe(true);
      await sql`delete from secret where name like 'between%'`.execute(store.db);
    }
    expect(await exitOf(startRotation())).toBe(0);
    await expectOpens((await openMasterKey(store, keyFile)).atRest, SECRETS);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
  }, 240_000);

  test('between the database and the file of the key: the service takes the new key up at its start, and so does a rotation', async () => {
    for (const goOn of ['start', 'rotation'] as const) {
      const { old } = goOn === 'start' ? await fill(4) : { old: await openMasterKey(store, keyFile) };
      await copyFile(keyFile, join(folder, 'before'));
      await rotateKey(store, keyFile);
      // as it was before the last step
      await copyFile(keyFile, `${keyFile}.next`);
      await copyFile(join(folder, 'before'), keyFile);
      if (goOn === 'rotation') expect(await rotateKey(store, keyFile)).toEqual({ secrets: 0, answers: 0, resumed: true });
      const [keys, same] = await Promise.all([openMasterKey(store, keyFile), openMasterKey(store, keyFile)]);
      expect(same.atRest).toEqual(keys.atRest);
      expect(Buffer.from(keys.atRest).equals(old.atRest)).toBe(false);
      await expectOpens(keys.atRest, 4);
      expect(existsSync(`${keyFile}.next`)).toBe(false);
    }
  });

  test('at any moment: afterwards everything opens with the key that a start finds', async () => {
    await fill(SECRETS);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const rotation = startRotation();
      const ended = once(rotation, 'exit');
      await once(rotation.stdout, 'data');
      await sleep((kill * 131) % 700);
      rotation.kill('SIGKILL');
      await ended;
      await untilSettled(store);
      const keys = await openMasterKey(store, keyFile);
      await expectOpens(keys.atRest, SECRETS);
      expect(await verifyLog(store, keys)).not.toHaveProperty('fault');
    }
  }, 240_000);
});

const idOf = (name: number | string): SecretId => ({ kind: 'requester', owner: OWNER, name: typeof name === 'number' ? `k${name}` : name });
const secretOf = (name: string): string => `value of ${name}`;
const line = (event: 'secret.created' | 'secret.replaced' | 'secrets.released' | 'enclave.closed', fields = {}) =>
  ({ event, atMs: 0, fields }) as const;
const nonce = (): Uint8Array => crypto.getRandomValues(new Uint8Array(12));
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const secretStore = (logKey: Uint8Array) => createSecretStore(store.db, { logKey, perOwner: 1_000_000 });

type Keys = Awaited<ReturnType<typeof openMasterKey>>;

async function create({ atRest, log }: Keys, name: string): Promise<boolean> {
  const id = idOf(name);
  return await secretStore(log).create(id, sealSecret(atRest, id, secretOf(name), nonce()), line('secret.created', { name }));
}

/** Secrets k0 … and one released enclave. */
async function fill(count: number) {
  const old = await openMasterKey(store, keyFile);
  for (let number = 0; number < count; number += 1) await create(old, `k${number}`);
  const sealed = await secretStore(old.log).release(RELEASE, newAnswerKey(old.atRest, RELEASE, random), line('secrets.released'));
  return { old, answerKey: sealed && openAnswerKey(old.atRest, RELEASE, sealed) };
}

async function rotateEmpty() {
  await openMasterKey(store, keyFile);
  return await rotateKey(store, keyFile);
}

async function expectOpens(atRest: Uint8Array, count: number): Promise<void> {
  const rows = await store.db.selectFrom('secret').selectAll().execute();
  expect(rows).toHaveLength(count);
  for (const row of rows) expect(openSecret(atRest, row, row)).toBe(secretOf(row.name));
}

/** A process of its own, to be killed. It says a line when it begins. */
function startRotation() {
  const { href } = new URL('../src/rotateKey.ts', import.meta.url);
  const args = `${JSON.stringify(database)}, ${JSON.stringify(keyFile)}`;
  const code = `const { rotateKeyOf } = await import(${JSON.stringify(href)}); console.log('begins'); await rotateKeyOf(${args});`;
  return spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const exitOf = async (child: ReturnType<typeof startRotation>): Promise<number | null> =>
  ((await once(child, 'exit')) as [number | null])[0];

/** Until somebody waits for a row of another transaction. */
const waitingForLock = () =>
  untilDatabase(
    store,
    sql<{ is: boolean }>`select exists (select 1 from pg_locks where locktype in ('transactionid', 'tuple') and not granted) as is`,
  );
