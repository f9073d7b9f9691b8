import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorkerpool, createApp as registerApp } from '@gleaner/chain';
import { type Address, type Bytes32, ZERO_BYTES32 } from '@gleaner/primitives';
import { encodeMultiaddr, FINAL_DEADLINE_RATIO } from '@gleaner/protocol';
import { startTestChain, type TestMarket } from '@gleaner/testkit';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cancelOrder,
  claimDeal,
  createGleaner,
  createWorkerpoolOrder,
  deposit,
  type Gleaner,
  getAccount,
  getAsset,
  hashOrder,
  isGleanerError,
  type NetworkDescription,
  type PreparedRun,
  prepareRun,
  type Quote,
  signAppOrder,
  signOrder,
  startRun,
  transfer,
  transferAsset,
  withdraw,
} from '../src/index.ts';

const RLC = 1_000_000_000n;
const [PRICE, TASKS] = [2n * RLC, 3n];
/** Every place, or a third of them. */
const deep = (process.env['GLEANER_DEEP'] ?? '') !== '';

let node: TestMarket;
let front: Front;
let network: NetworkDescription;
let quote: Quote;
let appOrder: Awaited<ReturnType<typeof signAppOrder>>;

beforeAll(async () => {
  node = await startTestChain({ blockTimeSec: 0.1, workers: 0 });
  front = await startFront(node.rpcUrl);
  const { chainId, hubAddress, tokenAddress, registries } = node;
  const none = 'http://127.0.0.1:9';
  const services = { iexecGatewayURL: none, ipfsGatewayURL: none, ipfsNodeURL: none, compassURL: none };
  network = { chainId, rpcUrl: front.url, hubAddress, tokenAddress, registries, services };
  const [owner, appOwner] = [as('workerpoolOwner'), as('appOwner')];
  await deposit(owner, { amount: 500n * RLC });
  const { address: workerpool } = await createWorkerpool(owner.sender(), { description: 'pool' });
  const multiaddr = encodeMultiaddr('/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPBdG');
  const program = { name: 'app', type: 'WASI', multiaddr, checksum: `0x${'01'.repeat(32)}` as Bytes32 };
  const { address: app } = await registerApp(appOwner.sender(), program);
  appOrder = await signAppOrder(appOwner, { app, price: 0n, volume: 1_000n });
  const offer = createWorkerpoolOrder({ workerpool, category: 0n, trust: 1n, price: PRICE, volume: 1_000n });
  const workerpoolOrder = await signOrder(owner, 'workerpool', offer);
  const terms = { workerpool, workerpoolOrder, workerpoolPrice: PRICE, category: 0n, trust: 1n, tag: ZERO_BYTES32 };
  quote = { ...terms, tasks: TASKS, price: PRICE, total: PRICE * TASKS } as unknown as Quote;
  owner.close();
  appOwner.close();
});
afterAll(async () => {
  front?.close();
  await node?.close();
});

test('wherever a start is stopped, starting again locks the money once and makes one deal', async () => {
  const whole = await requestsOfStart();
  expect(whole).toBeGreaterThan(8);
  const places = Array.from({ length: whole }, (_, at) => at + 1).filter((at) => deep || at % 3 === 0 || at > whole - 2);
  for (const when of ['before', 'after'] as const) for (const place of places) await stopAt(place, when);
}, 120_000);

test('two processes that start the same run at once make one deal', async () => {
  const [run, before] = [await prepare(), await holdings()];
  const clients = [as('requester'), as('requester')];
  const ends = await Promise.all(clients.map((client) => startRun(client, run)));
  expect(new Set(ends.map(({ dealId }) => dealId))).toEqual(new Set([run.dealId]));
  await expectPaidOnce(run, before);
  for (const client of clients) client.close();
});

test('what is overdue is refunded once, whoever asks', async () => {
  const [run, before] = [await prepare(), await holdings()];
  const client = as('requester');
  const { taskIds } = await startRun(client, run);
  await expect(claimDeal(client, run.dealId)).rejects.toMatchObject({ code: 'result-not-ready' });
  const { workClockTimeRef } = await reader.hub.viewCategory(0n);
  await node.skipTime(Number(workClockTimeRef * FINAL_DEADLINE_RATIO) + 1);
  expect(await claimDeal(client, run.dealId)).toEqual({ claimed: taskIds });
  expect(await claimDeal(client, run.dealId)).toEqual({ claimed: [] });
  client.close();
  const after = await holdings();
  expect({ locked: after.locked, all: after.all }).toEqual({ locked: before.locked, all: before.all });
});

test('money moves as told, an order is closed for ever, and an app changes hands', async () => {
  const [client, appOwner] = [as('requester'), as('appOwner')];
  const before = await getAccount(client, client.address);
  await deposit(client, { amount: 3n });
  await withdraw(client, { amount: 2n });
  await transfer(client, { recipient: appOwner.address, amount: 5n });
  const after = await getAccount(client, client.address);
  expect([after.escrowFree - before.escrowFree, after.wallet - before.wallet]).toEqual([1n, -6n]);

  const order = await signAppOrder(appOwner, { app: appOrder.app, price: 1n, volume: 7n });
  await cancelOrder(appOwner, 'app', order);
  expect(await reader.hub.viewConsumed(hashOrder('app', order, reader.domain))).toBe(7n);

  await transferAsset(appOwner, { kind: 'app', asset: appOrder.app, recipient: client.address });
  expect((await getAsset(reader, 'app', appOrder.app)).owner).toBe(client.address);
  await expect(transferAsset(appOwner, { kind: 'app', asset: appOrder.app, recipient: appOwner.address })).rejects.toMatchObject({
    code: 'chain-reverted',
  });
  client.close();
  appOwner.close();
});

/** How many requests reach the node while one run is started. */
async function requestsOfStart(): Promise<number> {
  const run = await prepare();
  const client = as('requester');
  const first = front.requests;
  await startRun(client, run);
  client.close();
  return front.requests - first;
}

/** Stops a start at its n-th request, before the node has it or when the answer is due, and starts again as another process would. */
async function stopAt(place: number, when: 'before' | 'after'): Promise<void> {
  const [run, before] = [await prepare(), await holdings()];
  const end = new AbortController();
  const stopped = as('requester');
  front.atRequest(place, when, () => end.abort());
  const ending = await startRun(stopped, run, { signal: end.signal }).then(
    ({ dealId }) => ({ code: 'made', dealId }),
    (error: unknown) =>
      isGleanerError(error) ? { code: error.code, dealId: error.details['dealId'] } : { code: String(error), dealId: '' },
  );
  front.atRequest(0, when, () => undefined);
  stopped.close();
  // With the block that may come between, the last requests are not always made.
  expect(['aborted', 'made']).toContain(ending.code);
  expect(ending.dealId).toBe(run.dealId);
  const again = as('requester');
  const made = await startRun(again, run);
  expect(made).toMatchObject({ dealId: run.dealId, total: run.total });
  expect(await startRun(again, run)).toEqual(made);
  again.close();
  await expectPaidOnce(run, before);
}

async function expectPaidOnce(run: PreparedRun, before: Holdings): Promise<void> {
  // A second transaction that was under way reverts in the next block.
  await new Promise((resolve) => setTimeout(resolve, 250));
  const after = await holdings();
  expect({ locked: after.locked - before.locked, all: after.all, deal: await reader.hub.viewConsumed(run.requestHash) }).toEqual({
    locked: run.total,
    all: before.all,
    deal: TASKS,
  });
}

interface Holdings {
  readonly locked: bigint;
  /** Wallet and escrow together. */
  readonly all: bigint;
}

let reader: Gleaner;

async function holdings(): Promise<Holdings> {
  const { address } = node.accounts.requester;
  const { stake, locked } = await reader.hub.viewAccount(address);
  const wallet = await reader.chain.attempt((rpc) =>
    rpc.readContract({
      address: network.tokenAddress,
      abi: [
        { type: 'function', name: 'balanceOf', stateMutability: 'view', inputs: [{ type: 'address' }], outputs: [{ type: 'uint256' }] },
      ],
      functionName: 'balanceOf',
      args: [address],
    }),
  );
  return { locked, all: (wallet as bigint) + stake + locked };
}

async function prepare(): Promise<PreparedRun> {
  reader ??= createGleaner({ network: { ...network, rpcUrl: node.rpcUrl } });
  const client = as('requester');
  const run = await prepareRun(client, { quote, appOrder, params: {} });
  client.close();
  return run;
}

function as(role: 'requester' | 'appOwner' | 'workerpoolOwner'): Gleaner & { readonly address: Address } {
  const account = privateKeyToAccount(node.accounts[role].privateKey);
  return createGleaner({ network, account }) as Gleaner & { readonly address: Address };
}

interface Front {
  readonly url: string;
  requests: number;
  /** Calls back when the n-th request from now on arrives, before it is passed on or after it was answered. */
  atRequest(place: number, when: 'before' | 'after', call: () => void): void;
  close(): void;
}

/** Passes JSON-RPC on to the node, and counts. */
async function startFront(target: string): Promise<Front> {
  let awaited: { count: number; readonly when: 'before' | 'after'; readonly call: () => void } | undefined;
  const server: Server = createServer(async (request, response) => {
    front.requests += 1;
    if (awaited !== undefined) awaited.count -= 1;
    const isIt = awaited?.count === 0;
    const { when, call } = awaited ?? { when: 'before', call: () => undefined };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (isIt && when === 'before') call();
    try {
      const answer = await fetch(target, { method: 'POST', body: Buffer.concat(chunks), headers: { 'content-type': 'application/json' } });
      const text = await answer.text();
      if (isIt && when === 'after') call();
      response.setHeader('content-type', 'application/json').end(text);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    atRequest(place, when, call) {
      awaited = place === 0 ? undefined : { count: place, when, call };
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
