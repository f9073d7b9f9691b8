import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Address, type Bytes32, type DealId, isGleanerError, type OrderHash, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { NULL_DATASET_ORDER } from '@gleaner/protocol';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as sdk from '../src/index.ts';

const ASSET = `0x${'a5'.repeat(20)}` as Address;
const HASH = `0x${'4a'.repeat(32)}`;
const [TASK, DEAL, ORDER] = [HASH as TaskId, HASH as DealId, HASH as OrderHash];
const BYTES = Uint8Array.of(0, 97, 115, 109);
const SETTLED_MS = 5_000;

type Call = (gleaner: sdk.Gleaner, settings: sdk.CallSettings) => Promise<unknown>;

const appOrder = { ...sdk.createAppOrder({ app: ASSET, price: 1n, volume: 1n }), sign: '0x' as const };
const workerpoolOrder = {
  ...sdk.createWorkerpoolOrder({ workerpool: ASSET, category: 0n, trust: 1n, price: 1n, volume: 1n }),
  sign: '0x' as const,
};
const quote = {
  workerpool: ASSET,
  workerpoolOrder,
  workerpoolPrice: 1n,
  tasks: 1n,
  category: 0n,
  trust: 1n,
  tag: sdk.ENCLAVE_TAG,
  price: 2n,
  total: 2n,
} as unknown as sdk.Quote;
const request = sdk.createRequestOrder({
  app: ASSET,
  appMaxPrice: 1n,
  workerpool: ASSET,
  workerpoolMaxPrice: 1n,
  requester: ASSET,
  volume: 1n,
  category: 0n,
  trust: 1n,
  params: '',
});
const dataset = { ...NULL_DATASET_ORDER, sign: '0x' as const };
const orders = { app: appOrder, dataset, workerpool: workerpoolOrder, request: { ...request, sign: '0x' as const } };
const prepared: sdk.PreparedRun = { dealId: DEAL, requestHash: ORDER, orders, price: 2n, total: 2n };
const runInput: sdk.RunInput = { quote, appOrder, params: { iexec_result_encryption: true } };
const encrypted: sdk.EncryptedDataset = { encrypted: BYTES, key: sdk.generateDatasetKey(), checksum: HASH as Bytes32 };
const agreed = { taskId: TASK, status: 'completed', resultCid: 'Qm', resultDigest: HASH, callback: false, encrypted: false };
const deal = { deal: { requester: ASSET, app: { pointer: ASSET }, botSize: 1n } as never, dealId: DEAL };
const part = { position: 0, index: 0n, dealId: DEAL, taskId: TASK, status: 'failed' } as const;
const place = { kind: 'app', app: ASSET } as const;

/** Every function of the package that asks somebody, called as it might be. */
const CALLS: Readonly<Record<string, Call>> = {
  getAccount: (gleaner, settings) => sdk.getAccount(gleaner, ASSET, settings),
  deposit: (gleaner, settings) => sdk.deposit(gleaner, { amount: 1n }, settings),
  withdraw: (gleaner, settings) => sdk.withdraw(gleaner, { amount: 1n }, settings),
  transfer: (gleaner, settings) => sdk.transfer(gleaner, { recipient: ASSET, amount: 1n }, settings),
  getAsset: (gleaner, settings) => sdk.getAsset(gleaner, 'dataset', ASSET, settings),
  transferAsset: (gleaner, settings) => sdk.transferAsset(gleaner, { kind: 'app', asset: ASSET, recipient: ASSET }, settings),
  transferWorkerpool: (gleaner, settings) => sdk.transferWorkerpool(gleaner, { workerpool: ASSET, recipient: ASSET }, settings),
  registerDataset: (gleaner, settings) => sdk.registerDataset(gleaner, { bytes: BYTES, name: 'data' }, settings),
  publishDataset: (gleaner, settings) => sdk.publishDataset(gleaner, { data: encrypted, name: 'data', price: 0n, volume: 1n }, settings),
  getDeal: (gleaner, settings) => sdk.getDeal(gleaner, DEAL, settings),
  listParts: (gleaner, settings) => sdk.listParts(gleaner, DEAL, settings),
  withRetries: (gleaner, settings) => sdk.withRetries(gleaner, { ...deal, parts: [part] }, undefined, settings),
  authorize: (gleaner, settings) => sdk.authorize(gleaner, settings),
  listOpenOrders: (gleaner, settings) => sdk.listOpenOrders(gleaner, 'request', {}, settings),
  getOrder: (gleaner, settings) => sdk.getOrder(gleaner, 'app', ORDER, settings),
  publishOrder: (gleaner, settings) => sdk.publishOrder(gleaner, 'app', appOrder, settings),
  withdrawOrder: (gleaner, settings) => sdk.withdrawOrder(gleaner, 'app', ORDER, settings),
  cancelOrder: (gleaner, settings) => sdk.cancelOrder(gleaner, 'app', appOrder, settings),
  registerWorkerpool: (gleaner, settings) => sdk.registerWorkerpool(gleaner, { description: 'pool' }, settings),
  registerOperatedPool: (gleaner, settings) =>
    sdk.registerOperatedPool(gleaner, { agent: ASSET, priceFloor: 0n, description: 'pool' }, settings),
  getPoolOwner: (gleaner, settings) => sdk.getPoolOwner(gleaner, ASSET, settings),
  changePoolAgent: (gleaner, settings) => sdk.changePoolAgent(gleaner, { workerpool: ASSET, agent: ASSET }, settings),
  changePoolFloor: (gleaner, settings) => sdk.changePoolFloor(gleaner, { workerpool: ASSET, priceFloor: 1n }, settings),
  depositStake: (gleaner, settings) => sdk.depositStake(gleaner, { workerpool: ASSET, amount: 1n }, settings),
  withdrawStake: (gleaner, settings) => sdk.withdrawStake(gleaner, { workerpool: ASSET, amount: 1n }, settings),
  publishOffer: (gleaner, settings) => sdk.publishOffer(gleaner, workerpoolTerms(), settings),
  workerpoolStatus: (gleaner, settings) => sdk.workerpoolStatus(gleaner, ASSET, settings),
  findSchedulerUrl: (gleaner, settings) => sdk.findSchedulerUrl(gleaner, ASSET, settings),
  serveWorkerpool: (gleaner, settings) => sdk.serveWorkerpool(gleaner, ASSET, settings),
  authorizeAtScheduler: (gleaner, settings) => sdk.authorizeAtScheduler(gleaner, gleaner.market, settings),
  addContent: (gleaner, settings) => sdk.addContent(gleaner, BYTES, 'file', settings),
  fetchContent: (gleaner, settings) => sdk.fetchContent(gleaner, 'Qm', { maxBytes: 1, ...settings }),
  fetchProgram: (gleaner, settings) => sdk.fetchProgram(gleaner, ASSET, { maxBytes: 1, ...settings }),
  registerProgram: (gleaner, settings) => sdk.registerProgram(gleaner, { bytes: BYTES, name: 'app' }, settings),
  publishApp: (gleaner, settings) => sdk.publishApp(gleaner, { bytes: BYTES, name: 'app', price: 0n, volume: 1n }, settings),
  buildReceipt: (gleaner, settings) => sdk.buildReceipt(gleaner, TASK, settings),
  fetchResult: (gleaner, settings) => sdk.fetchResult(gleaner, TASK, settings),
  fetchAgreed: (gleaner, settings) => sdk.fetchAgreed(gleaner, agreed, settings),
  quoteRun: (gleaner, settings) => sdk.quoteRun(gleaner, { tasks: 1n, trust: 1n, category: 0n }, settings),
  prepareRun: (gleaner, settings) => sdk.prepareRun(gleaner, runInput, settings),
  startRun: (gleaner, settings) => sdk.startRun(gleaner, prepared, settings),
  matchRun: (gleaner, settings) => sdk.matchRun(gleaner, runInput, settings),
  assertCanPay: (gleaner, settings) => sdk.assertCanPay(gleaner, 1n, settings),
  hasSecret: (gleaner, settings) => sdk.hasSecret(gleaner, place, settings),
  pushSecret: (gleaner, settings) => sdk.pushSecret(gleaner, { place, value: 'v' }, settings),
  claimDeal: (gleaner, settings) => sdk.claimDeal(gleaner, DEAL, settings),
  getTask: (gleaner, settings) => sdk.getTask(gleaner, TASK, settings),
  getPoolTaskView: (gleaner, settings) => sdk.getPoolTaskView(gleaner, gleaner.network.rpcUrl, TASK, settings),
  getTaskLogs: (gleaner, settings) => sdk.getTaskLogs(gleaner, gleaner.network.rpcUrl, TASK, settings),
};

/** Ends by the signal alone: a watch has no time limit of its own. */
const watchDeal: Call = async (gleaner, { signal }) => {
  for await (const _ of sdk.watchDeal(gleaner, DEAL, signal === undefined ? {} : { signal }));
};

/** Needs no network, or (checkReceipt) takes the nodes to ask instead of a client. */
const PURE = new Set(
  'createGleaner isGleanerError GleanerError confidenceOf hashOrder joinArgs trustOf verifyReceipt decryptDataset encryptDataset generateDatasetKey placeOf createAppOrder createDatasetOrder createRequestOrder createWorkerpoolOrder randomSalt signOrder signAppOrder buildTrie checkReceipt decryptResult agreedResult listResultFiles generateResultKey'.split(
    ' ',
  ),
);

test('every exported function is held against these laws, or needs no network', () => {
  const functions = Object.entries(sdk).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect([...Object.keys(CALLS), 'watchDeal', ...PURE].sort()).toEqual(functions.sort());
});

describe('at a network that takes every request and answers none', () => {
  let silent: SilentNetwork;
  beforeAll(async () => {
    silent = await startSilentNetwork();
  });
  afterAll(() => silent.close());

  test('a call that is cancelled ends at once with `aborted`', async () => {
    const end = new AbortController();
    const calls = codesOf({ ...CALLS, watchDeal }, client(silent), { signal: end.signal });
    await vi.waitUntil(() => silent.requests() > 20, { timeout: 20_000 });
    end.abort();
    expect(await within(calls)).toEqual(allWith('aborted', watchDeal));
  });

  test('so it does when the client itself is ended', async () => {
    const end = new AbortController();
    const calls = codesOf({ ...CALLS, watchDeal }, client(silent, end.signal), {});
    await pause(100);
    end.abort();
    expect(await within(calls)).toEqual(allWith('aborted', watchDeal));
  });

  test('a time limit is for the whole call and ends it with `timed-out`', async () => {
    expect(await within(codesOf(CALLS, client(silent), { timeoutMs: 100 }))).toEqual(allWith('timed-out'));
  });

  test('what was cancelled before sends nothing', async () => {
    const untouched = await startSilentNetwork();
    const calls = codesOf({ ...CALLS, watchDeal }, client(untouched), { signal: AbortSignal.abort() });
    expect(await within(calls)).toEqual(allWith('aborted', watchDeal));
    await pause(20);
    expect(untouched.requests()).toBe(0);
    untouched.close();
  });
});

interface SilentNetwork {
  readonly network: sdk.NetworkDescription;
  requests(): number;
  close(): void;
}

async function startSilentNetwork(): Promise<SilentNetwork> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer(() => {
    requests += 1;
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = { iexecGatewayURL: url, ipfsGatewayURL: url, ipfsNodeURL: url, compassURL: url, smsURL: url };
  const registries = { app: ZERO_ADDRESS, dataset: ZERO_ADDRESS, workerpool: ZERO_ADDRESS };
  return {
    network: { chainId: 1337, rpcUrl: url, hubAddress: ASSET, tokenAddress: ASSET, registries, services },
    requests: () => requests,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function client({ network }: SilentNetwork, signal?: AbortSignal): sdk.Gleaner {
  const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
  return sdk.createGleaner({ network, account, ...(signal && { signal }) });
}

function allWith(code: string, watch?: Call): Record<string, string> {
  const names = [...Object.keys(CALLS), ...(watch === undefined ? [] : ['watchDeal'])];
  return Object.fromEntries(names.map((name) => [name, code]));
}

async function codesOf(calls: Readonly<Record<string, Call>>, gleaner: sdk.Gleaner, settings: sdk.CallSettings) {
  const ends = Object.entries(calls).map(async ([name, call]) => {
    const end = await call(gleaner, settings).then(
      () => 'an answer',
      (error: unknown) => (isGleanerError(error) ? error.code : String(error)),
    );
    return [name, end] as const;
  });
  return Object.fromEntries(await Promise.all(ends));
}

function within<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, pause(SETTLED_MS).then(() => Promise.reject(new Error(`Not all calls ended within ${SETTLED_MS} ms`)))]);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function workerpoolTerms(): sdk.OfferTerms {
  return { workerpool: ASSET, category: 0n, trust: 1n, price: 1n, volume: 1n };
}
