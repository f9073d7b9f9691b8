import { hubAbi, poolOperatorFactoryAbi } from '@gleaner/abi';
import {
  CREATE2_FACTORY,
  createCategory,
  createChain,
  createOperatedPool,
  createSender,
  type Deployment,
  deployMarket,
  encodeCall,
  planDeployment,
  predictMarket,
  readDeployment,
  readHub,
} from '@gleaner/chain';
import { ZERO_ADDRESS } from '@gleaner/primitives';
import { LOWEST_DEVELOPMENT_CHAIN_ID, STANDARD_CATEGORIES } from '@gleaner/protocol';
import { keccak256, pad, parseAbi } from 'viem';
import { getBlockTransactionCount } from 'viem/actions';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { account, startAnvil, type TestChain } from './anvil.ts';
import { startInterceptor } from './interceptor.ts';

let node: TestChain;
beforeAll(async () => {
  node = await startAnvil();
});
afterAll(() => node.stop());

test('a market is deployed in a few blocks, once, where it was predicted, and found again', async () => {
  let first = {} as Deployment;
  const blocks = await blocksUsed(async () => {
    first = await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  });
  // one transaction after the other would take 25; a busy machine mines many blocks while it prepares
  expect(blocks).toBeLessThanOrEqual(8);
  expect(first.transactions).toBe(25);
  expect(first.gasUsed).toBeGreaterThan(10_000_000n);
  expect(first).toMatchObject({ owner: account(0).address });
  expect(predictMarket(LOWEST_DEVELOPMENT_CHAIN_ID, account(0).address).hub).toBe(first.hubAddress);

  const again = await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  expect(again).toEqual({ ...first, gasUsed: 0n, transactions: 0 });

  const hub = readHub(createChain({ rpcUrl: node.url, hubAddress: first.hubAddress }));
  expect(await hub.viewCategories()).toEqual(STANDARD_CATEGORIES);
});

test('the record names every contract, the hash of its code and the block of its creation', async () => {
  await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  const record = await readDeployment({ rpcUrl: node.url, deployer: account(0).address });
  expect(record).toMatchObject({ chainId: LOWEST_DEVELOPMENT_CHAIN_ID, developmentEnclaves: true, categories: STANDARD_CATEGORIES });
  expect(record.timelock).toBeUndefined();
  expect(record.contracts).toHaveLength(16);
  for (const { address, codeHash, blockNumber = 0n } of record.contracts) {
    const codeAt = (height: bigint) => node.chain.client.getCode({ address, blockNumber: height });
    expect(keccak256((await codeAt(blockNumber)) ?? '0x')).toBe(codeHash);
    expect(await codeAt(blockNumber - 1n)).toBeUndefined();
  }
});

test('a pool behind an operator takes one transaction: the factory of operators came with the market', async () => {
  const { hubAddress } = await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  const { contracts } = await readDeployment({ rpcUrl: node.url, deployer: account(0).address });
  const owner = account(7);
  const nonce = () => node.chain.client.getTransactionCount({ address: owner.address });
  const before = await nonce();
  const sender = createSender({ chain: createChain({ rpcUrl: node.url, hubAddress }), account: owner });
  const input = { agent: account(8).address, priceFloor: 1n, description: 'operated' };
  const { operator } = await createOperatedPool(sender, input);
  sender.close();
  expect(await nonce()).toBe(before + 1);
  const factory = contracts.find(({ name }) => name === 'PoolOperatorFactory');
  const { address = ZERO_ADDRESS } = factory ?? {};
  const args = [owner.address, input.agent, input.priceFloor, input.description] as const;
  const predicted = await node.chain.client.readContract({ address, abi: poolOperatorFactoryAbi, functionName: 'predictPool', args });
  expect(predicted[0]).toBe(operator);
});

test('a market for somebody else ends in that hands, all of it', async () => {
  const development = { name: 'DEV', description: '""', workClockTimeRef: 5n };
  const options = { rpcUrl: node.url, deployer: account(0), owner: account(1).address, salt: pad('0x01') };
  const first = await deployMarket(options);
  expect(first.transactions).toBe(29);
  const chain = createChain({ rpcUrl: node.url, hubAddress: first.hubAddress });
  const owned = [first.hubAddress, ...Object.values(first.registries)];
  const owners = owned.map((address) => chain.client.readContract({ address, abi: hubAbi, functionName: 'owner' }));
  expect(await Promise.all(owners)).toEqual(owned.map(() => account(1).address));
  expect(await deployMarket(options)).toMatchObject({ transactions: 0 });

  const grown = { ...options, categories: [...STANDARD_CATEGORIES, development] };
  await expect(deployMarket(grown)).rejects.toMatchObject({ code: 'deployment-differs', message: expect.stringContaining('category DEV') });
  const owner = createSender({ chain, account: account(1) });
  await createCategory(owner, development);
  owner.close();
  expect(await deployMarket(grown)).toMatchObject({ transactions: 0 });
  await expect(deployMarket({ ...options, categories: [development] })).rejects.toMatchObject({ code: 'deployment-differs' });
});

test('a deployment that was cut off is completed', async () => {
  const options = { rpcUrl: node.url, deployer: account(2) };
  let sent = 0;
  const control = new AbortController();
  const log = () => void (++sent === 9 && control.abort());
  await expect(deployMarket({ ...options, log, signal: control.signal })).rejects.toMatchObject({ code: 'aborted' });
  const completed = await deployMarket(options);
  expect(completed.transactions).toBeLessThan(25);
});

describe('what was changed is named, and nothing is sent', () => {
  test('every difference at once: a removed function, a registry, an owner', async () => {
    const options = { rpcUrl: node.url, deployer: account(3) };
    const { hubAddress, registries } = await deployMarket(options);
    const chain = createChain({ rpcUrl: node.url, hubAddress });
    const sender = createSender({ chain, account: account(3) });
    const { app, dataset } = registries;
    const hub = { to: hubAddress, abi: hubAbi } as const;
    const zero = '0x0000000000000000000000000000000000000000';
    await sender.sendAll([
      encodeCall({ ...hub, functionName: 'diamondCut', args: [[{ target: zero, action: 2, selectors: ['0xbd66528a'] }], zero, '0x'] }),
      encodeCall({ ...hub, functionName: 'changeRegistries', args: [app, dataset, dataset] }),
      encodeCall({ ...hub, functionName: 'transferOwnership', args: [account(4).address] }),
    ]);
    sender.close();
    const nonce = () => node.chain.client.getTransactionCount({ address: account(3).address });
    const before = await nonce();
    const refused = deployMarket(options);
    await expect(refused).rejects.toMatchObject({ code: 'deployment-differs', details: { count: 3 } });
    await expect(refused).rejects.toMatchObject({
      details: { differences: expect.stringMatching(/owner of .*facet of 0xbd66528a is none.*workerpool registry/s) },
    });
    const { differences } = await planDeployment({ rpcUrl: node.url, deployer: account(3).address });
    expect(differences).toContainEqual({ what: 'workerpool registry', expected: registries.workerpool, found: dataset });
    expect(await nonce()).toBe(before);
  });

  test('a registry that was made to believe an older one', async () => {
    const options = { rpcUrl: node.url, deployer: account(5) };
    const control = new AbortController();
    const log = ({ call }: { call: string }) => void (call === 'create Hub' && control.abort());
    await expect(deployMarket({ ...options, log, signal: control.signal })).rejects.toMatchObject({ code: 'aborted' });
    const { registries, hub } = predictMarket(LOWEST_DEVELOPMENT_CHAIN_ID, account(5).address);
    // what was sent before the abort may still be on its way; a call estimated without the registry's code runs out of gas
    const isMade = async () => expect(await node.chain.client.getCode({ address: registries.app })).toBeDefined();
    await vi.waitFor(isMade, { timeout: 10_000 });
    const sender = createSender({ chain: createChain({ rpcUrl: node.url, hubAddress: hub }), account: account(5) });
    const abi = parseAbi(['function initialize(address previous)']);
    await sender.send({ to: registries.app, abi, functionName: 'initialize', args: [account(6).address] });
    sender.close();
    await expect(deployMarket(options)).rejects.toMatchObject({
      code: 'deployment-differs',
      message: expect.stringMatching(/older registry/),
    });
  });

  test('other code at the address of the factory', async () => {
    const strange = await startAnvil();
    try {
      await strange.rpc('anvil_setCode', CREATE2_FACTORY, '0x00');
      await expect(deployMarket({ rpcUrl: strange.url, deployer: account(0) })).rejects.toMatchObject({ code: 'deployment-differs' });
    } finally {
      await strange.stop();
    }
  });
});

test('terms that this chain does not allow are refused', async () => {
  const at = (terms: object) => planDeployment({ rpcUrl: node.url, deployer: account(0).address, ...terms });
  await expect(at({ token: account(5).address })).rejects.toMatchObject({ code: 'bad-request' });
  await expect(at({ timelockDelaySec: 86_400 })).rejects.toMatchObject({ code: 'bad-request' });
  await expect(at({ token: account(5).address, tokenHolder: account(5).address })).rejects.toThrow(/leave the holder out/);
  expect(() => predictMarket(1, account(0).address, { developmentEnclaves: true })).toThrow(/development chains only/);
  for (const timelockDelaySec of [0, 2, 3599, 2_592_001, 86_400.5]) {
    expect(() => predictMarket(1, account(0).address, { timelockDelaySec })).toThrow(/3600 to 2592000/);
  }
  expect((await at({ developmentEnclaves: false })).addresses.hub).not.toBe((await at({})).addresses.hub);
});

test('a chain without the factory gets it, after a dry run has told the gas of every step and sent nothing', async () => {
  const bare = await startAnvil({ args: ['--disable-default-create2-deployer'] });
  try {
    const deployer = account(0);
    const plan = await planDeployment({ rpcUrl: bare.url, deployer: deployer.address });
    expect(plan.steps).toHaveLength(27);
    expect(plan.steps.map(({ name }) => name)).toContain('Hub.configure');
    expect(await bare.chain.client.getTransactionCount({ address: deployer.address })).toBe(0);
    const { gasUsed, transactions } = await deployMarket({ rpcUrl: bare.url, deployer });
    expect(transactions).toBe(26);
    // the factory's own 100 000 gas are paid by its creator
    expect(plan.gas).toBe(gasUsed + 100_000n);
    expect(plan.costWei).toBeGreaterThan(0n);
    expect(await planDeployment({ rpcUrl: bare.url, deployer: deployer.address })).toMatchObject({ steps: [], gas: 0n, differences: [] });
  } finally {
    await bare.stop();
  }
});

test('a node that cannot simulate gives the steps without their gas', async () => {
  const front = await startInterceptor(node.url, { unknown: ['eth_simulateV1'] });
  try {
    const plan = await planDeployment({ rpcUrl: front.url, deployer: account(0).address, salt: pad('0x02') });
    expect(plan.steps).toHaveLength(25);
    expect([plan.gas, plan.costWei, plan.steps[0]?.gas]).toEqual([undefined, undefined, undefined]);
  } finally {
    await front.close();
  }
});

/** Blocks with transactions in them. */
async function blocksUsed(run: () => Promise<void>): Promise<number> {
  const before = (await node.chain.head()).number;
  await run();
  const after = (await node.chain.head()).number;
  const numbers = Array.from({ length: Number(after - before) }, (_, i) => before + 1n + BigInt(i));
  const counts = await Promise.all(numbers.map((blockNumber) => getBlockTransactionCount(node.chain.client, { blockNumber })));
  return counts.filter((count) => count > 0).length;
}
