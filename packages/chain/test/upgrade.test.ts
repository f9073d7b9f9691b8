import { hubAbi, hubFacets, timelockAbi } from '@gleaner/abi';
import {
  type Call,
  contribute,
  deployMarket,
  deposit,
  encodeCall,
  fetchEvents,
  finalize,
  initializeArray,
  manageOrder,
  matchOrders,
  readAsset,
  readHub,
  reveal,
  type Sender,
} from '@gleaner/chain';
import {
  type Address,
  type Bytes32,
  type DealId,
  type Hex,
  type OrderHash,
  type TaskId,
  ZERO_ADDRESS,
  ZERO_BYTES32,
} from '@gleaner/primitives';
import { authorizationHash, hashOrder, orderDomain, resultHash, resultSeal } from '@gleaner/protocol';
import { keccak256, pad, toHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create2Address, create2Call } from '../src/deploy/create2.ts';
import { PUBLIC_CHAIN_ID } from './anvil.ts';
import { COUNTED_CALLS, countingFacet } from './countingFacet.ts';
import { RLC, startMarket, type TestMarket } from './market.ts';

/** Shorter than the default, and than a deal of the longest category, so that a task lives through it. */
const DELAY_SEC = 172_800;
const CATEGORY = 4n;
const DIGEST = keccak256(toHex('result')) as Bytes32;
const REPLACE = 1;
const ADD = 0;

let market: TestMarket;
beforeAll(async () => {
  market = await startMarket({ chainId: PUBLIC_CHAIN_ID, timelockDelaySec: DELAY_SEC });
}, 60_000);
afterAll(() => market?.stop());

test('outside development chains hub and registries belong to a timelock, and development enclaves do not count', async () => {
  const { chain, deployment, owner } = market;
  const { timelock = ZERO_ADDRESS } = deployment;
  const owned = [deployment.hubAddress, ...Object.values(deployment.registries)];
  const owners = owned.map((address) => chain.client.readContract({ address, abi: hubAbi, functionName: 'owner' }));
  expect(await Promise.all(owners)).toEqual(owned.map(() => timelock));
  expect(await chain.client.readContract({ address: timelock, abi: timelockAbi, functionName: 'getMinDelay' })).toBe(BigInt(DELAY_SEC));
  expect(await chain.client.readContract({ address: chain.hubAddress, abi: hubAbi, functionName: 'developmentEnclaves' })).toBe(false);
  const setBroker = encodeCall({ to: chain.hubAddress, abi: hubAbi, functionName: 'setTeeBroker', args: [owner.address] });
  await expect(owner.sendCall(setBroker)).rejects.toMatchObject({ code: 'forbidden' });
});

test('an upgrade of a facet through the timelock, in the middle of a task: assets, stakes and history survive, the task ends as it would have', async () => {
  const { chain, owner, poolOwner, requester, workers, deployment, node } = market;
  const hub = readHub(chain);
  const [first, ...others] = workers as [Sender, ...Sender[]];
  const { dealId, taskId, presigned } = await startTask();
  await commit(taskId, first);
  const before = await stateOf(dealId, taskId, presigned);
  const historyEnd = (await chain.head()).number;
  const history = await fetchEvents(chain, await hub.addresses(), { from: 1n, to: historyEnd });
  const free = await hub.balanceOf(poolOwner.address);

  const operation = await upgradeOperation();
  await expect(requester.sendCall(scheduled(operation))).rejects.toMatchObject({ code: 'chain-reverted' });
  await owner.sendCall(scheduled(operation));
  await expect(owner.sendCall(executed(operation))).rejects.toMatchObject({ code: 'chain-reverted' });
  await node.rpc('evm_increaseTime', DELAY_SEC);
  await node.rpc('evm_mine');
  await expect(requester.sendCall(executed(operation))).rejects.toMatchObject({ code: 'chain-reverted' });
  await owner.sendCall(executed(operation));

  expect(await stateOf(dealId, taskId, presigned)).toEqual(before);
  expect(await fetchEvents(chain, await hub.addresses(), { from: 1n, to: historyEnd })).toEqual(history);
  for (const worker of others) await commit(taskId, worker);
  for (const worker of workers) await reveal(worker, { taskId, digest: DIGEST });
  await finalize(poolOwner, { taskId, results: toHex('done') });
  expect(await hub.viewTask(taskId)).toMatchObject({ status: 'completed', resultDigest: DIGEST });
  // three workers share 9.9 RLC, the pool keeps 1 % and gets its stake back
  expect((await hub.balanceOf(poolOwner.address)) - free).toBe(3n * RLC + RLC / 10n);
  expect(await hub.viewScores(workers.map(({ address }) => address))).toEqual([1n, 1n, 1n]);
  // two contributions, three reveals, one finalize ran in the new facet, which counted them in a slot of its own
  expect(BigInt((await chain.client.call({ to: chain.hubAddress, data: COUNTED_CALLS })).data ?? '0x0')).toBe(6n);

  const refused = deployMarket({ rpcUrl: node.url, deployer: owner.account, categories: before.categories });
  await expect(refused).rejects.toMatchObject({ code: 'deployment-differs' });
  await expect(refused).rejects.toMatchObject({ details: { differences: expect.stringContaining('cuts since the creation is one in') } });
  expect(deployment.hubAddress).toBe(chain.hubAddress);
}, 60_000);

/** A deal of one task for three workers, its app order presigned beforehand. */
async function startTask() {
  const { chain, requester, poolOwner, appOwner } = market;
  await deposit(requester, { amount: 11n * RLC });
  const orders = await market.orders({ workerpool: { category: CATEGORY }, request: { category: CATEGORY } });
  const { chainId } = await chain.identify();
  const presigned = hashOrder('app', orders.app, orderDomain({ chainId, hubAddress: chain.hubAddress }));
  await manageOrder(appOwner, { kind: 'app', order: orders.app, operation: 'sign' });
  const { dealId } = await matchOrders(poolOwner, orders);
  const { taskIds } = await initializeArray(poolOwner, { dealId, indexes: [0n] });
  return { dealId, taskId: taskIds[0] as TaskId, presigned };
}

/** Everything the hub and the registries say about the parties of the task. */
async function stateOf(dealId: DealId, taskId: TaskId, order: OrderHash) {
  const { chain, requester, poolOwner, appOwner, workers, app, workerpool } = market;
  const hub = readHub(chain);
  const accounts = [requester, poolOwner, appOwner, ...workers].map(({ address }) => address);
  const read = (functionName: 'totalSupply' | 'eip712domain_separator') =>
    chain.client.readContract({ address: chain.hubAddress, abi: hubAbi, functionName });
  return {
    deal: await hub.viewDeal(dealId),
    task: await hub.viewTask(taskId),
    contributions: await hub.viewContributions(workers.map(({ address }) => ({ taskId, worker: address }))),
    accounts: await hub.viewAccounts(accounts),
    scores: await hub.viewScores(accounts),
    consumed: await hub.viewConsumed(order),
    presigned: await hub.viewPresigned(order),
    categories: await hub.viewCategories(),
    settings: await hub.settings(),
    addresses: await hub.addresses(),
    supply: await read('totalSupply'),
    separator: await read('eip712domain_separator'),
    app: await readAsset(chain).getApp(app),
    workerpool: await readAsset(chain).getWorkerpool(workerpool),
  };
}

interface Operation {
  readonly call: Call;
  readonly salt: Hex;
}

/** Puts the counting facet in the place of the task facet, with its counter as a function more. */
async function upgradeOperation(): Promise<Operation> {
  const { chain, owner } = market;
  const facet = hubFacets.find(({ name }) => name === 'TasksFacet');
  const [selector] = facet?.selectors ?? [];
  if (!facet || !selector) throw new Error('no TasksFacet');
  const { client, hubAddress: to } = chain;
  const present = await client.readContract({ address: to, abi: hubAbi, functionName: 'facetAddress', args: [selector] });
  // nobody answers there yet
  await expect(client.call({ to, data: COUNTED_CALLS })).rejects.toThrow();
  const code = countingFacet(present);
  await owner.sendCall(create2Call('the new facet', ZERO_BYTES32, code));
  const target = create2Address(ZERO_BYTES32, code);
  const cuts = [
    { target, action: REPLACE, selectors: facet.selectors },
    { target, action: ADD, selectors: [COUNTED_CALLS] },
  ] as const;
  return { call: encodeCall({ to, abi: hubAbi, functionName: 'diamondCut', args: [cuts, ZERO_ADDRESS, '0x'] }), salt: pad('0x01') };
}

function scheduled({ call, salt }: Operation): Call {
  const args = [call.to, 0n, call.data, ZERO_BYTES32, salt, BigInt(DELAY_SEC)] as const;
  return encodeCall({ to: timelockAddress(), abi: timelockAbi, functionName: 'schedule', args });
}

function executed({ call, salt }: Operation): Call {
  const args = [call.to, 0n, call.data, ZERO_BYTES32, salt] as const;
  return encodeCall({ to: timelockAddress(), abi: timelockAbi, functionName: 'execute', args });
}

function timelockAddress(): Address {
  const { timelock } = market.deployment;
  if (!timelock) throw new Error('the market has no timelock');
  return timelock;
}

async function commit(taskId: TaskId, worker: Sender) {
  const message = authorizationHash(worker.address, taskId, ZERO_ADDRESS);
  const authorizationSign = await market.poolOwner.account.signMessage({ message: { raw: message } });
  const seal = resultSeal(worker.address, taskId, DIGEST);
  return contribute(worker, { taskId, resultHash: resultHash(taskId, DIGEST), resultSeal: seal, authorizationSign });
}
