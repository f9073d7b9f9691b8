import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { openStore, type Store } from '@gleaner/store';
import { startBareChain, startTestPostgres, type TestChain, type TestPostgres } from '@gleaner/testkit';
import { sql } from 'kysely';
import type { LocalAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openMasterKey, startSecrets, verifyLogOf } from '../src/index.ts';
import { verifyLog } from '../src/verifyLog.ts';
import { challengeOf, signChallenge } from './testSecrets.ts';
import { untilDatabase, untilSettled } from './untilDatabase.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const KILLS = process.env['GLEANER_DEEP'] ? 25 : 1;

let chain: TestChain;
let postgres: TestPostgres;
let store: Store;
let keyFile: string;
let env: NodeJS.ProcessEnv;
let requester: LocalAccount;
const children = new Set<ChildProcess>();
const printed: string[] = [];

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startBareChain({ workers: 0 }), startTestPostgres()]);
  const { url } = await postgres.createDatabase();
  store = await openStore({ url });
  requester = privateKeyToAccount(chain.accounts.requester.privateKey);
  const path = join(chain.dataDir, 'network.json');
  // accounts need nothing of the hub: their owner is the account itself
  writeFileSync(path, JSON.stringify({ chainId: chain.chainId, rpcUrl: chain.rpcUrl, hubAddress: ZERO_ADDRESS }));
  keyFile = join(chain.dataDir, 'mounted', 'secrets.key');
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  env = {
    PATH,
    NODE_COMPILE_CACHE,
    GLEANER_NETWORK: path,
    DATABASE_URL: url,
    GLEANER_SECRETS_KEY_FILE: keyFile,
    GLEANER_LOG_LEVEL: 'trace',
  };
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await store?.close();
  await postgres?.close();
  await chain?.close();
});

describe('the secret service as a process', () => {
  test('killed between a secret and its line in the log, it has neither, and takes the secret again', async () => {
    const service = await launch();
    const stuck = await store.db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('secret_log', 0))`.execute(trx);
      const answer = push(service.url, 'stuck').catch(() => 'lost');
      await waiting();
      service.child.kill('SIGKILL');
      await service.exited;
      return await answer;
    });
    expect(stuck).toBe('lost');
    await untilSettled(store);
    expect(await counts()).toEqual({ secrets: 0, lines: 0 });
    const again = await launch();
    expect(await exists(again.url, 'stuck')).toBe(404);
    expect(await push(again.url, 'stuck')).toBe(204);
    again.child.kill('SIGTERM');
    expect(await again.exited).toBe(0);
  });

  test('killed at any moment, every secret it acknowledged is there with its line, and the log is sound', async () => {
    const acknowledged = new Set<string>();
    const doubtful = new Set<string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const service = await launch();
      let isDoomed = false;
      for (let alive = true, number = 0; alive; number += 1) {
        const names = [0, 1, 2, 3].map((part) => `kill-${kill}-${number}-${part}`);
        const answers = await Promise.all(names.map((name) => push(service.url, name).catch(() => undefined)));
        for (const [at, name] of names.entries()) (answers[at] === 204 ? acknowledged : doubtful).add(name);
        if (!isDoomed) setTimeout(() => service.child.kill('SIGKILL'), 50 + ((kill * 97) % 400));
        isDoomed = true;
        alive = answers.every((status) => status === 204);
      }
      await service.exited;
    }
    await untilSettled(store);
    const { url, child, exited } = await launch();
    expect(acknowledged.size).toBeGreaterThan(0);
    for (const name of acknowledged) expect(await exists(url, name)).toBe(204);
    for (const name of doubtful) {
      const before = await exists(url, name);
      expect([204, 404]).toContain(before);
      expect(await push(url, name)).toBe(before === 204 ? 409 : 204);
    }
    const { secrets, lines } = await counts();
    expect(lines).toBe(secrets);
    expect(await verifyLog(store, await openMasterKey(store, keyFile))).toMatchObject({ head: { sequence: BigInt(lines) } });
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  }, 240_000);

  test('two replicas keep one log: none overwrites, and no line is lost', async () => {
    const { rpcUrl } = chain;
    const replica = () => startSecrets({ rpcUrl, hubAddress: ZERO_ADDRESS, store: database(), keyFile });
    const replicas = await Promise.all([replica(), replica()]);
    const names = Array.from({ length: 10 }, (_, at) => `both-${at}`);
    const statuses = await Promise.all(names.flatMap((name) => replicas.map(({ url }) => push(url, name))));
    expect(statuses.filter((status) => status === 204)).toHaveLength(names.length);
    expect(statuses.filter((status) => status === 409)).toHaveLength(names.length);
    const { secrets, lines } = await counts();
    expect(lines).toBe(secrets);
    expect(await verifyLog(store, await openMasterKey(store, keyFile))).not.toHaveProperty('fault');
    for (const { close } of replicas) await close();
  });

  test('a log that was tampered with shows, and so does one whose end was cut off', async () => {
    const keys = await openMasterKey(store, keyFile);
    const { head } = await verifyLog(store, keys);
    await sql`update secret_log set entry = replace(entry, 'stuck', 'other') where sequence = 1`.execute(store.db);
    expect(await verifyLog(store, keys)).toMatchObject({ fault: { sequence: 1n } });
    await sql`update secret_log set entry = replace(entry, 'other', 'stuck') where sequence = 1`.execute(store.db);
    expect(await verifyLog(store, keys, head)).toEqual({ head });
    await sql`delete from secret_log where sequence = ${head.sequence}`.execute(store.db);
    expect(await verifyLog(store, keys)).not.toHaveProperty('fault');
    expect(await verifyLog(store, keys, head)).toMatchObject({ fault: { sequence: head.sequence - 1n } });
    expect(await verifyLogOf(database(), keyFile)).toMatchObject({ sequence: head.sequence - 1n });
    await expect(verifyLogOf(database(), keyFile, head)).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  test('told to let development enclaves in where the hub does not, it ends before it serves, and says why', async () => {
    await expect(launch({ GLEANER_DEV_ENCLAVE_ROOT: join(chain.dataDir, 'root.json') })).rejects.toThrow(
      /ended with 1: .*"code":"enclave-not-allowed".*the hub of this market was made without them/,
    );
  });

  test('its log and its environment have neither key nor value', async () => {
    const key = readFileSync(keyFile);
    const said = printed.join('');
    expect(said).toContain('secret.created');
    expect(said).not.toContain('value of');
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      expect(said).not.toContain(key.toString(form));
      expect(JSON.stringify(env)).not.toContain(key.toString(form));
    }
  });

  test('a wrong environment is refused by the name of the variable', () => {
    for (const variable of ['GLEANER_SECRETS_KEY_FILE', 'DATABASE_URL', 'GLEANER_NETWORK']) {
      const { [variable]: _, ...incomplete } = env;
      expect(() => readConfig(incomplete)).toThrow(
        expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(variable) }),
      );
    }
    expect(readConfig(env)).toMatchObject({ keyFile, port: 0 });
    expect(readConfig({ ...env, GLEANER_SECRETS_KEY_FILE: undefined, GLEANER_DATA: '/data' }).keyFile).toBe('/data/master.key');
    expect(readConfig({ ...env, GLEANER_HOST: '0.0.0.0' })).toMatchObject({ requestsPerMinute: 100 });
  });
});

async function launch(more: NodeJS.ProcessEnv = {}): Promise<{ url: string; child: ChildProcess; exited: Promise<number | null> }> {
  const child = spawn(process.execPath, [MAIN], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ended = exited.then((code) => Promise.reject(new Error(`ended with ${code}: ${printed.at(-1)}`)));
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  const { ready, url } = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready).toBe(true);
  return { url, child, exited };
}

const database = () => ({ url: env['DATABASE_URL'] ?? '' });

const placeOf = (name: string, owner: Address = requester.address): string => `/requesters/${owner}/secrets/${name}`;

async function push(url: string, name: string): Promise<number> {
  const value = `value of ${name}`;
  const authorization = await signChallenge(requester, challengeOf(requester.address, name, value));
  return (await fetch(url + placeOf(name), { method: 'POST', body: value, headers: { authorization } })).status;
}

const exists = async (url: string, name: string): Promise<number> => (await fetch(url + placeOf(name), { method: 'HEAD' })).status;

async function counts(): Promise<{ secrets: number; lines: number }> {
  const { rows } = await sql<{ secrets: bigint; lines: bigint }>`
    select (select count(*) from secret) as secrets, (select count(*) from secret_log) as lines`.execute(store.db);
  return { secrets: Number(rows[0]?.secrets), lines: Number(rows[0]?.lines) };
}

/** Until the service waits for the log. */
const waiting = () =>
  untilDatabase(store, sql<{ is: boolean }>`select exists (select 1 from pg_locks where locktype = 'advisory' and not granted) as is`);
