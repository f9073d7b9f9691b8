import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, getOrder, publishOrder } from '@gleaner/api';
import { type OrderHash, toGleanerError } from '@gleaner/primitives';
import type { Orders, Signed } from '@gleaner/protocol';
import { startTestPostgres, type TestPostgres } from '@gleaner/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { login, startTestMarket, type TestMarket } from './testMarket.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const KILLS = process.env['GLEANER_DEEP'] ? 25 : 2;

let market: TestMarket;
let postgres: TestPostgres;
let env: NodeJS.ProcessEnv;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  [market, postgres] = await Promise.all([startTestMarket(), startTestPostgres()]);
  const { url } = await postgres.createDatabase();
  const path = join(market.testChain.dataDir, 'network.json');
  const { chainId, rpcUrl, hubAddress } = market.testChain;
  writeFileSync(path, JSON.stringify({ chainId, rpcUrl, hubAddress }));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  env = { PATH, NODE_COMPILE_CACHE, GLEANER_NETWORK: path, DATABASE_URL: url, GLEANER_PORT: '0', GLEANER_LOG_LEVEL: 'warn' };
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await postgres?.close();
  await market?.close();
});

describe('the order book as a process', () => {
  test('killed while it publishes, it has every order it acknowledged, none twice, and takes the others again', async () => {
    const acknowledged: Signed<Orders['app']>[] = [];
    const doubtful: Signed<Orders['app']>[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const book = await launch();
      setTimeout(() => book.child.kill('SIGKILL'), 50 + ((kill * 97) % 400));
      for (let alive = true; alive; ) {
        const order = await market.order('app');
        alive = await publish(book.url, order).then(
          () => acknowledged.push(order) > 0,
          () => doubtful.push(order) < 0,
        );
        if (acknowledged.length > 35) book.child.kill('SIGKILL');
      }
      await book.exited;
    }
    const { url, child, exited } = await launch();
    for (const order of acknowledged) expect(await statusOf(url, order)).toBe('open');
    for (const order of doubtful) {
      const before = await statusOf(url, order);
      expect(['open', undefined]).toContain(before);
      const outcome = await publish(url, order).catch((error: unknown) => toGleanerError(error).message);
      expect(outcome).toBe(before === 'open' ? 'order already published' : 'published');
    }
    expect(await health(url)).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  }, 240_000);

  test('with a wrong environment it ends at once and names the variable', async () => {
    const { DATABASE_URL: _, ...incomplete } = env;
    const child = spawn(process.execPath, [MAIN], { env: incomplete, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toContain('DATABASE_URL');
    expect(said).toContain('bad-request');
  });
});

async function launch(): Promise<{ url: string; child: ChildProcess; exited: Promise<number | null> }> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([once(lines, 'line'), exited.then((code) => Promise.reject(new Error(`ended with ${code}`)))])) as [
    string,
  ];
  const { ready, url } = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready).toBe(true);
  return { url, child, exited };
}

async function publish(url: string, order: Signed<Orders['app']>): Promise<'published'> {
  const client = createClient({ baseUrl: url, retries: 0 });
  const authorization = await login(client, market.chainId, market.accounts.appOwner);
  await client.call(publishOrder.app, { query: { chainId: market.chainId }, body: { order } }, { authorization });
  return 'published';
}

async function statusOf(url: string, order: Signed<Orders['app']>): Promise<string | undefined> {
  const orderHash: OrderHash = market.hashOf('app', order);
  const found = createClient({ baseUrl: url }).call(getOrder.app, { params: { orderHash }, query: { chainId: market.chainId } });
  return found.then(
    ({ status }) => status,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'order-not-found' });
      return undefined;
    },
  );
}

const health = async (url: string): Promise<number> => (await fetch(`${url}/healthz`)).status;
