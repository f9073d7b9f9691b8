import { createHash } from 'node:crypto';
import {
  type ChallengeData,
  type Client,
  createClient,
  findWorkerpoolApi,
  getTaskLogs,
  listOrders,
  listWorkerpools,
  serveWorkerpool,
} from '@gleaner/api';
import { createServer, type HttpServer, listen, registerEndpoint } from '@gleaner/api/server';
import { createChain, createOperatedPool, createSender, createWorkerpool, deposit, type Sender, transferPool } from '@gleaner/chain';
import { accountFromKey, type PrivateKey } from '@gleaner/keys';
import { type Address, type DealId, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { taskId } from '@gleaner/protocol';
import { authorizeAtScheduler, createGleaner, type Gleaner, type NetworkDescription } from '@gleaner/sdk';
import {
  findPoolTask,
  insertPoolTasks,
  listPoolTasksOfDeal,
  putCategories,
  putDeals,
  putTaskLog,
  putWorkerSession,
  registerWorker,
  type Store,
} from '@gleaner/store';
import { openTestStore, startTestChain } from '@gleaner/testkit';
import { pino } from 'pino';
import { hashTypedData } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerScheduler } from '../src/index.ts';
import { aDeal, WORKER } from './rows.ts';

type Party = 'workerpoolOwner' | 'appOwner' | 'requester' | 'stranger';

let testChain: Awaited<ReturnType<typeof startTestChain>>;
let store: Store;
let home: Address;
let market: HttpServer;
let marketUrl: string;
let server: HttpServer;
let url: string;
let client: Client;
const senders: Sender[] = [];

beforeAll(async () => {
  [testChain, store] = await Promise.all([startTestChain({ workers: 0 }), openTestStore()]);
  home = (await createWorkerpool(senderOf('workerpoolOwner'), { description: 'home' })).address;
  await putCategories(store.db, [{ categoryId: 0n, name: 'XS', description: '', timeref: 300n, createdBlock: 1n }]);
  market = await createServer({ name: 'empty market' });
  registerEndpoint(market, listOrders.workerpool, async () => ({ ok: true as const, count: 0, orders: [] }));
  marketUrl = await listen(market);
  await start();
});
afterAll(async () => {
  await Promise.all([server?.close(), market?.close()]);
  for (const sender of senders) sender.close();
  await store?.close();
  await testChain?.close();
});

describe('a pool made at run time', () => {
  test('whose owner’s key the scheduler holds is served at once, and after a restart', async () => {
    const { address } = await createWorkerpool(senderOf('workerpoolOwner'), { description: 'second' });
    await expect(compass(address)).rejects.toMatchObject({ code: 'not-found' });
    expect(await serve('workerpoolOwner', address)).toMatchObject({
      signsAs: 'owner',
      apiUrl: url,
      todo: [{ code: 'deposit-stake' }, { code: 'publish-order' }],
    });
    await deposit(senderOf('workerpoolOwner'), { amount: 1n });
    expect(await serve('workerpoolOwner', address)).toMatchObject({ todo: [{ code: 'publish-order' }] });
    await server.close();
    await start();
    expect(await compass(address)).toEqual({ apiUrl: url, deals: 'all' });
    expect(await client.call(listWorkerpools, {})).toEqual({
      scheduler: testChain.accounts.workerpoolOwner.address,
      workerpools: [
        { workerpool: home, isHome: true, deals: 'all', apiUrl: url },
        { workerpool: address, isHome: false, deals: 'all', apiUrl: url },
      ],
    });
  });

  test('of somebody else is refused with what to do, and served once it is behind an operator whose agent the scheduler is', async () => {
    const owner = senderOf('appOwner');
    const agent = testChain.accounts.workerpoolOwner.address;
    const { address } = await createWorkerpool(owner, { description: 'mine' });
    const refused = serve('appOwner', address);
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', details: { workerpool: address, owner: owner.address, agent } });
    await expect(refused).rejects.toThrow(`--agent ${agent}`);
    const { operator } = await createOperatedPool(owner, { agent, priceFloor: 1n, description: 'operated' });
    await transferPool(owner, { workerpool: address, recipient: operator });
    await expect(serve('stranger', address)).rejects.toMatchObject({
      code: 'forbidden',
      details: { caller: testChain.accounts.stranger.address },
    });
    expect(await serve('appOwner', address)).toMatchObject({ signsAs: 'operator', owner: operator });
  });

  test('has its deals taken up, and those that its owner of then would have to sign wait for their refund', async () => {
    const { address } = await createWorkerpool(senderOf('workerpoolOwner'), { description: 'third' });
    const deal = { ...aDeal(), workerpool: address, startTime: BigInt(Math.floor(Date.now() / 1000)) };
    const ours = { ...deal, dealId: `0x${'e1'.repeat(32)}` as DealId, workerpoolOwner: testChain.accounts.workerpoolOwner.address };
    const theirs = { ...deal, dealId: `0x${'e2'.repeat(32)}` as DealId, workerpoolOwner: testChain.accounts.stranger.address };
    await putDeals(store.db, [ours, theirs].map(lowerCase));
    expect(await listPoolTasksOfDeal(store.db, ours.dealId)).toEqual([]);
    await serve('workerpoolOwner', address);
    await expect.poll(async () => (await listPoolTasksOfDeal(store.db, ours.dealId)).length, { timeout: 5_000 }).toBe(2);
    expect((await listPoolTasksOfDeal(store.db, ours.dealId))[0]?.reasonCode).toBeNull();
    await expect.poll(() => stateOf(taskId(theirs.dealId, 0n)), { timeout: 5_000 }).toBe('refunding');
    expect(await findPoolTask(store.db, taskId(theirs.dealId, 0n))).toMatchObject({ reasonCode: 'forbidden' });
  });

  test('is refused where there is none, and to nobody', async () => {
    await expect(serve('stranger', ZERO_ADDRESS)).rejects.toMatchObject({ code: 'resource-not-deployed', details: { status: 404 } });
    const answer = await fetch(`${url}/workerpools/${home}/serve`, { method: 'POST' });
    expect(answer.status).toBe(401);
  });
});

describe('task info', () => {
  test('has the words, the dates and the fields that the stock client reads', async () => {
    const id = await aTaskWithLog();
    const info = (await (await fetch(`${url}/tasks/${id}`)).json()) as Record<string, never>;
    expect(info).toMatchObject({ currentStatus: 'RECEIVED', replicates: [] });
    const [first] = info['dateStatusList'] as unknown as { date: string; status: string }[];
    expect(first).toEqual({ status: 'RECEIVED', date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) });
    const missing = await fetch(`${url}/tasks/0x${'99'.repeat(32)}`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: expect.any(String), code: 'task-not-found' });
  });
});

describe('logs of a task', () => {
  test('go to its requester, again and again for one challenge', async () => {
    const id = await aTaskWithLog();
    const header = await login('requester');
    for (const _ of [1, 2]) {
      expect((await logs(id, header)).computeLogsList).toMatchObject([{ walletAddress: expect.any(String), stdout: 'out', stderr: 'err' }]);
    }
  });

  test('the challenge is bare typed data of the scheduler, and stays the same', async () => {
    const { chainId, accounts } = testChain;
    const ask = async (chain: number) => await fetch(`${url}/tasks/logs/challenge?address=${accounts.requester.address}&chainId=${chain}`);
    const data = (await (await ask(chainId)).json()) as { message: { challenge: string } };
    expect(data).toMatchObject({ primaryType: 'Challenge', domain: { name: 'iExec Core', version: '1', chainId } });
    expect(data).not.toHaveProperty('data');
    expect(Buffer.from(data.message.challenge, 'base64')).toHaveLength(32);
    expect(await (await ask(chainId)).json()).toEqual(data);
    expect((await ask(1)).status).toBe(400);
  });

  test('401 without a good signature, 403 to anybody else, 404 for an unknown task', async () => {
    const id = await aTaskWithLog();
    expect((await fetch(`${url}/tasks/${id}/logs`)).status).toBe(401);
    const good = await login('requester');
    const foreign = await login('stranger');
    const [hash, , address] = good.split('_') as [string, string, string];
    const forged = `${hash}_${foreign.split('_')[1]}_${address}`;
    for (const header of ['x', `${hash}_0x00_${address}`, forged, good.replace(hash, `0x${'00'.repeat(32)}`)]) {
      await expect(logs(id, header)).rejects.toMatchObject({ code: 'unauthorized', details: { status: 401 } });
    }
    await expect(logs(id, foreign)).rejects.toMatchObject({ code: 'forbidden', details: { status: 403 } });
    await expect(logs(`0x${'99'.repeat(32)}` as TaskId, good)).rejects.toMatchObject({ code: 'task-not-found', details: { status: 404 } });
  });
});

describe('logs of a stranger’s task stay closed', () => {
  test('to a challenge of the requester that somebody else signs, in whatever case of letters', async () => {
    const id = await aTaskWithLog();
    const { requester, stranger } = testChain.accounts;
    for (const address of [requester.address, requester.address.toLowerCase()]) {
      const asked = `${url}/tasks/logs/challenge?address=${address}&chainId=${testChain.chainId}`;
      const data = (await (await fetch(asked)).json()) as ChallengeData;
      for (const domain of [data.domain, { ...data.domain, chainId: 1 }]) {
        const { EIP712Domain: _, ...types } = data.types;
        const typed = { ...data, types, domain } as never;
        const signature = await accountOf('stranger').signTypedData(typed);
        const hash = hashTypedData(typed);
        for (const claimed of [address, stranger.address, stranger.address.toLowerCase()])
          expect((await fetchLogs(id, `${hash}_${signature}_${claimed}`)).status).toBe(401);
      }
    }
    const [hash, signature] = (await login('stranger')).split('_') as [string, string];
    for (const claimed of [requester.address, requester.address.toLowerCase()])
      expect((await fetchLogs(id, `${hash}_${signature}_${claimed}`)).status).toBe(401);
  });

  test('and to the requester of another deal, by any spelling of the task', async () => {
    const id = await aTaskWithLog();
    const foreign = await login('stranger');
    for (const spelling of [id, `0x${id.slice(2).toUpperCase()}`, `0X${id.slice(2)}`, `${id}%00`, `${id}/../${id}`]) {
      const { status } = await fetchLogs(spelling, foreign);
      expect([400, 403, 404]).toContain(status);
    }
    const told = await (await fetch(`${url}/tasks/${id}`)).text();
    for (const secret of ['stdout', 'stderr', '"out"', '"err"']) expect(told).not.toContain(secret);
  });

  test('and no worker writes into those of a task that it was not given', async () => {
    const id = await aTaskWithLog();
    const tokenHash = createHash('sha256').update('session').digest('hex');
    await putWorkerSession(store.db, { wallet: WORKER, workerpool: home, tokenHash, ttlMs: 60_000 });
    const answer = await fetch(`${url}/replicates/${id}/report`, {
      method: 'POST',
      headers: { authorization: 'Bearer session', 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'computed', atMs: 0, logs: { stdout: 'forged', stderr: '' } }),
    });
    expect(answer.status).toBe(404);
    expect((await logs(id, await login('requester'))).computeLogsList).toMatchObject([{ stdout: 'out' }]);
  });
});

const fetchLogs = (id: string, authorization: string) => fetch(`${url}/tasks/${id}/logs`, { headers: { authorization } });

async function start(): Promise<void> {
  const { rpcUrl, hubAddress } = testChain;
  server = await createServer({ name: 'scheduler' });
  registerScheduler(server, {
    network: network(),
    workerpool: home,
    chain: createChain({ rpcUrl, hubAddress }),
    account: accountOf('workerpoolOwner'),
    store,
    log: pino({ level: 'silent' }),
    offers: { price: 1n, trust: 1n, volume: 1n },
    stakeNano: 0n,
    publicUrl: () => url,
  });
  url = await listen(server);
  client = createClient({ baseUrl: url });
}

function network(): NetworkDescription {
  const { chainId, rpcUrl, hubAddress, tokenAddress, registries } = testChain;
  const services = { iexecGatewayURL: marketUrl, ipfsGatewayURL: marketUrl, ipfsNodeURL: marketUrl, compassURL: url };
  return { chainId, rpcUrl, hubAddress, tokenAddress, registries, services };
}

const accountOf = (party: Party) => accountFromKey(testChain.accounts[party].privateKey as PrivateKey);

function senderOf(party: Party): Sender {
  const { rpcUrl, hubAddress } = testChain;
  const sender = createSender({ chain: createChain({ rpcUrl, hubAddress }), account: accountOf(party) });
  senders.push(sender);
  return sender;
}

const as = (party: Party): Gleaner => createGleaner({ network: network(), account: accountOf(party) });
const login = (party: Party): Promise<string> => authorizeAtScheduler(as(party), client);

async function serve(party: Party, workerpool: Address) {
  return await client.call(serveWorkerpool, { params: { workerpool } }, { authorization: await login(party) });
}

const compass = (workerpool: Address) => client.call(findWorkerpoolApi, { params: { chainId: `${testChain.chainId}`, workerpool } });
const logs = (id: TaskId, authorization: string) => client.call(getTaskLogs, { params: { taskId: id } }, { authorization });
const stateOf = async (id: TaskId) => (await findPoolTask(store.db, id))?.state;

/** A task of the test's requester, of a pool that nobody drives, with output of one worker. */
async function aTaskWithLog(): Promise<TaskId> {
  const deal = { ...aDeal(), dealId: `0x${'f1'.repeat(32)}` as DealId, requester: testChain.accounts.requester.address };
  const id = taskId(deal.dealId, 0n);
  await putDeals(store.db, [lowerCase(deal)]);
  const { dealId, workerpool, trust, category } = deal;
  await insertPoolTasks(store.db, [
    { taskId: id, dealId, index: 0n, workerpool, trust, category, timeref: 300n, contributionDeadline: 1n, finalDeadline: 2n },
  ]);
  await registerWorker(store.db, {
    wallet: WORKER,
    workerpool: home,
    name: 'w',
    os: 'x',
    cpuCount: 1,
    memoryBytes: 1n,
    kinds: [],
    slots: 1,
  });
  await putTaskLog(store.db, { taskId: id, worker: WORKER, stdout: 'out', stderr: 'err' });
  return id;
}

/** A deal as rows hold it. */
function lowerCase(deal: ReturnType<typeof aDeal>): ReturnType<typeof aDeal> {
  return Object.fromEntries(
    Object.entries(deal).map(([field, value]) => [
      field,
      typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value,
    ]),
  ) as unknown as ReturnType<typeof aDeal>;
}
