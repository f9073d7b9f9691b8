import {
  changePolicy,
  claim,
  contribute,
  createApp,
  createCategory,
  createDataset,
  deposit,
  depositAndMatch,
  fetchEvents,
  finalize,
  initializeAndClaimArray,
  initializeArray,
  manageOrder,
  matchOrders,
  readAsset,
  readHub,
  reveal,
  sponsorMatchOrders,
  withdraw,
} from '@gleaner/chain';
import { type Bytes32, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, hashOrder, orderDomain, resultHash, resultSeal, taskId } from '@gleaner/protocol';
import { keccak256, pad, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CATEGORY_ID, RLC, startMarket, type TestMarket } from './market.ts';

let market: TestMarket;
beforeAll(async () => {
  market = await startMarket();
}, 30_000);
afterAll(() => market?.stop());

const DIGEST = keccak256(toHex('result')) as Bytes32;

describe('the classic cycle', () => {
  test('deposit and match → initialize → three contributions → reveal → finalize, with every payment', async () => {
    const { chain, requester, poolOwner, workers, app, deployment } = market;
    const hub = readHub(chain);
    const from = (await chain.head()).number;
    const orders = await market.orders();
    const { dealId, volume } = await depositAndMatch(requester, { amount: 11n * RLC, orders });
    expect(volume).toBe(1n);
    const deal = await hub.viewDeal(dealId);
    expect(deal).toMatchObject({ requester: requester.address, trust: 5n, botFirst: 0n, botSize: 1n, app: { pointer: app, price: RLC } });
    expect(await hub.viewAccount(requester.address)).toEqual({ stake: 0n, locked: 11n * RLC });

    const { taskIds } = await initializeArray(poolOwner, { dealId, indexes: [0n] });
    const [task] = taskIds as [TaskId];
    const seen = await hub.viewTask(task);
    expect(seen).toMatchObject({ status: 'active', dealId, index: 0n, timeref: 2n, contributors: [] });

    await Promise.all(workers.map((worker) => commit(task, worker)));
    expect((await hub.viewTask(task)).status).toBe('revealing');
    await Promise.all(workers.map((worker) => reveal(worker, { taskId: task, digest: DIGEST })));
    const results = toHex('{"storage":"ipfs","location":"/ipfs/Qm"}');
    await finalize(poolOwner, { taskId: task, results });

    expect(await hub.viewTask(task)).toMatchObject({ status: 'completed', resultDigest: DIGEST, results });
    const contributions = await hub.viewContributions(workers.map(({ address }) => ({ taskId: task, worker: address })));
    expect(contributions.map(({ status }) => status)).toEqual(['proved', 'proved', 'proved']);
    expect(await hub.viewScores(workers.map(({ address }) => address))).toEqual([1n, 1n, 1n]);

    const addresses = await hub.addresses();
    expect(addresses).toEqual({ hub: deployment.hubAddress, token: deployment.tokenAddress, registries: deployment.registries });
    const events = await fetchEvents(chain, addresses, { from: from + 1n, to: (await chain.head()).number });
    const names = events.map(({ name }) => name);
    expect(names.filter((name) => /^(Orders|Task|Accurate)/.test(name))).toEqual([
      'OrdersMatched',
      'TaskInitialize',
      ...Array(3).fill('TaskContribute'),
      'TaskConsensus',
      ...Array(3).fill('TaskReveal'),
      ...Array(3).fill('AccurateContribution'),
      'TaskFinalize',
    ]);
    const rewards = events.filter((event) => event.name === 'Reward' && event.taskId === task);
    expect(rewards.reduce((sum, event) => sum + ('amount' in event ? event.amount : 0n), 0n)).toBe(11n * RLC);
  }, 20_000);

  test('a task nobody initialised, and one nobody finished, are refunded after their deadline', async () => {
    const { chain, requester, poolOwner, node } = market;
    const hub = readHub(chain);
    await deposit(requester, { amount: 22n * RLC });
    const { dealId } = await matchOrders(poolOwner, await market.orders({ request: { volume: 2n } }));
    await initializeArray(poolOwner, { dealId, indexes: [0n] });
    await expect(claim(poolOwner, { taskId: taskId(dealId, 0n) })).rejects.toMatchObject({
      code: 'chain-reverted',
      message: expect.stringContaining('final deadline'),
      details: { call: 'claim', revert: '' },
    });
    await node.rpc('evm_increaseTime', 25);
    await node.rpc('evm_mine');
    await claim(requester, { taskId: taskId(dealId, 0n) });
    await initializeAndClaimArray(requester, { dealId, indexes: [1n] });
    expect((await hub.viewTasks([taskId(dealId, 0n), taskId(dealId, 1n)])).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await hub.viewAccount(requester.address)).toEqual({ stake: 22n * RLC, locked: 0n });
    await withdraw(requester, { amount: 22n * RLC });
  }, 20_000);

  test('a bag is initialised in batches that are in flight together', async () => {
    const { poolOwner, owner, chain } = market;
    await deposit(owner, { amount: 100n * RLC });
    const free = await market.orders({ app: { appprice: 0n }, workerpool: { workerpoolprice: 0n }, request: { volume: 100n } });
    const { dealId, volume } = await sponsorMatchOrders(owner, free);
    const indexes = Array.from({ length: Number(volume) }, (_, i) => BigInt(i));
    const { taskIds, receipts } = await initializeArray(poolOwner, { dealId, indexes, batchSize: 30 });
    expect(receipts).toHaveLength(4);
    const tasks = await readHub(chain).viewTasks(taskIds);
    expect(tasks.map(({ index }) => index)).toEqual(indexes);
  }, 20_000);
});

describe('refusals are typed', () => {
  test.each([
    ['0x00', 'orders-incompatible', { request: { category: 0n } }],
    ['0x01', 'category-unknown', { request: { category: 99n }, workerpool: { category: 99n } }],
    ['0x02', 'orders-incompatible', { request: { trust: 1000n } }],
    ['0x03', 'price-above-maximum', { app: { appprice: 2n * RLC } }],
    ['0x05', 'price-above-maximum', { workerpool: { workerpoolprice: 11n * RLC } }],
    ['0x12', 'orders-incompatible', { request: { workerpool: '0x1111111111111111111111111111111111111111' } }],
    ['0x50', 'order-signature-invalid', { request: { requester: '0x2222222222222222222222222222222222222222' } }],
    ['0x60', 'order-consumed', { request: { volume: 0n } }],
  ] as const)('matchOrders %s is %s', async (revert, code, changes) => {
    await expect(matchOrders(market.owner, await market.orders(changes))).rejects.toMatchObject({
      code,
      details: { revert: `iExecV5-matchOrders-${revert}` },
    });
  });

  test('who lacks money for a deal is named, and how much', async () => {
    const { requester, poolOwner } = market;
    await expect(matchOrders(requester, await market.orders())).rejects.toMatchObject({
      code: 'balance-too-low',
      details: { account: requester.address, missing: 11n * RLC },
    });
    const dear = await market.orders({ workerpool: { workerpoolprice: 900n * RLC }, request: { workerpoolmaxprice: 900n * RLC } });
    await expect(depositAndMatch(requester, { amount: 901n * RLC, orders: dear })).rejects.toMatchObject({
      code: 'stake-too-low',
      details: { account: poolOwner.address },
    });
    await expect(deposit(requester, { amount: 5000n * RLC })).rejects.toMatchObject({ code: 'balance-too-low' });
    await expect(withdraw(requester, { amount: 5000n * RLC })).rejects.toMatchObject({ code: 'balance-too-low' });
  });

  test('what only the owner may do is forbidden to others', async () => {
    const { requester, workerpool } = market;
    const category = { name: 'X', description: '""', workClockTimeRef: 1n };
    await expect(createCategory(requester, category)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(changePolicy(requester, { workerpool, workerStakeRatio: 1n, schedulerRewardRatio: 1n })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('assets and orders', () => {
  test('an asset that exists is found again', async () => {
    const { appOwner, chain, deployment } = market;
    const input = { name: 'twice', type: 'WASI', multiaddr: toHex('/ipfs/Qm2'), checksum: pad('0x02') as Bytes32 };
    const [first, second] = await Promise.all([createApp(appOwner, input), createApp(appOwner, input)]);
    const third = await createApp(market.requester, { ...input, owner: appOwner.address });
    expect([second.address, third.address]).toEqual([first.address, first.address]);
    expect(third.receipt).toBeUndefined();
    const assets = readAsset(chain);
    expect(await assets.getApp(first.address)).toMatchObject({ owner: appOwner.address, name: 'twice', type: 'WASI' });
    expect(await assets.isRegistered(deployment.registries.app, first.address)).toBe(true);
    expect(await assets.isRegistered(deployment.registries.app, appOwner.address)).toBe(false);
    expect(await assets.findOwner(appOwner.address)).toBeUndefined();
    await expect(assets.getApp(appOwner.address)).rejects.toMatchObject({ code: 'resource-not-deployed' });
    const dataset = await createDataset(appOwner, { name: 'd', multiaddr: '0x', checksum: pad('0x03') as Bytes32 });
    expect(await assets.getDataset(dataset.address)).toMatchObject({ owner: appOwner.address, name: 'd' });
  });

  test('an order is presigned, then closed', async () => {
    const { chain, appOwner } = market;
    const hub = readHub(chain);
    const { app: order } = await market.orders();
    const { chainId } = await chain.identify();
    const hash = hashOrder('app', order, orderDomain({ chainId, hubAddress: chain.hubAddress }));
    expect(await hub.isSignedBy(appOwner.address, hash, order.sign)).toBe(true);
    expect(await hub.isSignedBy(appOwner.address, hash, '0x12')).toBe(false);
    await manageOrder(appOwner, { kind: 'app', order, operation: 'sign' });
    expect(await hub.isSignedBy(appOwner.address, hash, '0x')).toBe(true);
    expect(await hub.viewPresigned(hash)).toBe(appOwner.address);
    await manageOrder(appOwner, { kind: 'app', order, operation: 'close' });
    expect(await hub.viewConsumed(hash)).toBe(order.volume);
    await expect(manageOrder(market.requester, { kind: 'app', order, operation: 'close' })).rejects.toMatchObject({
      code: 'order-signature-invalid',
    });
  });

  test('terms of a workerpool change by its owner, and the event tells', async () => {
    const { poolOwner, workerpool, chain } = market;
    const { blockNumber } = await changePolicy(poolOwner, { workerpool, workerStakeRatio: 35n, schedulerRewardRatio: 5n });
    expect(await readAsset(chain).getWorkerpool(workerpool)).toMatchObject({ workerStakeRatio: 35n, schedulerRewardRatio: 5n });
    const events = await fetchEvents(chain, await readHub(chain).addresses(), { from: 0n, to: blockNumber });
    expect(events.filter(({ name }) => name === 'PolicyUpdate')).toMatchObject([{ workerpool, workerStakeRatio: 35n }]);
    expect(events.filter(({ name }) => name === 'AssetTransfer')).toContainEqual(
      expect.objectContaining({ kind: 'workerpool', asset: workerpool, from: ZERO_ADDRESS, to: poolOwner.address }),
    );
    expect(CATEGORY_ID).toBe(5n);
  });
});

async function commit(task: TaskId, worker: TestMarket['requester']) {
  const message = authorizationHash(worker.address, task, ZERO_ADDRESS);
  const authorizationSign = await market.poolOwner.account.signMessage({ message: { raw: message } });
  const { address } = worker;
  return contribute(worker, {
    taskId: task,
    resultHash: resultHash(task, DIGEST),
    resultSeal: resultSeal(address, task, DIGEST),
    authorizationSign,
  });
}
