import { createChain, type Deployment, deployMarket, readHub } from '@gleaner/chain';
import { STANDARD_CATEGORIES } from '@gleaner/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, startAnvil, type TestChain } from './anvil.ts';

let node: TestChain;
beforeAll(async () => {
  node = await startAnvil();
});
afterAll(() => node.stop());

test('a market is deployed in a few blocks, once, and found again', async () => {
  let first = {} as Deployment;
  const blocks = await blocksUsed(async () => {
    first = await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  });
  // one transaction after the other would take 24; a busy machine mines many blocks while it prepares
  expect(blocks).toBeLessThanOrEqual(8);
  expect(first.transactions).toBe(24);
  expect(first.gasUsed).toBeGreaterThan(10_000_000n);

  const again = await deployMarket({ rpcUrl: node.url, deployer: account(0) });
  expect(again).toEqual({ ...first, gasUsed: 0n, transactions: 0 });

  const hub = readHub(createChain({ rpcUrl: node.url, hubAddress: first.hubAddress }));
  expect(await hub.viewCategories()).toEqual(STANDARD_CATEGORIES);
});

test('a market of another owner, deployed by somebody else, gets one category more', async () => {
  const development = { name: 'DEV', description: '""', workClockTimeRef: 5n };
  const options = { rpcUrl: node.url, deployer: account(0), owner: account(1) };
  const first = await deployMarket(options);
  const grown = await deployMarket({ ...options, categories: [...STANDARD_CATEGORIES, development] });
  expect(grown.transactions).toBe(1);
  expect(grown.hubAddress).toBe(first.hubAddress);
  await expect(deployMarket({ ...options, categories: [development] })).rejects.toMatchObject({ code: 'network-start-failed' });
});

test('a deployment that was cut off is completed', async () => {
  const options = { rpcUrl: node.url, deployer: account(2) };
  let sent = 0;
  const control = new AbortController();
  const log = () => void (++sent === 9 && control.abort());
  await expect(deployMarket({ ...options, log, signal: control.signal })).rejects.toMatchObject({ code: 'aborted' });
  const completed = await deployMarket(options);
  expect(completed.transactions).toBeLessThan(24);
});

test('without the factory it says so', async () => {
  const bare = await startAnvil({ args: ['--disable-default-create2-deployer'] });
  try {
    await expect(deployMarket({ rpcUrl: bare.url, deployer: account(0) })).rejects.toMatchObject({ code: 'network-start-failed' });
  } finally {
    await bare.stop();
  }
});

/** Blocks with transactions in them. */
async function blocksUsed(run: () => Promise<void>): Promise<number> {
  const before = (await node.chain.head()).number;
  await run();
  const after = (await node.chain.head()).number;
  const numbers = Array.from({ length: Number(after - before) }, (_, i) => before + 1n + BigInt(i));
  const counts = await Promise.all(numbers.map((blockNumber) => node.chain.client.getBlockTransactionCount({ blockNumber })));
  return counts.filter((count) => count > 0).length;
}
