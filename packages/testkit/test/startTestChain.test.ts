import { createChain, readHub, readWallet } from '@gleaner/chain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestChain, type TestMarket } from '../src/index.ts';

let chain: TestMarket;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.close());

test('gives the market and RLC, and keeps both and its genesis over a crash', async () => {
  await chain.crash();
  const genesis = (await chain.admin('eth_getBlockByNumber', ['0x0', false])) as { hash: string };
  expect(genesis.hash).toBe(chain.genesisHash);
  const reader = createChain({ rpcUrl: chain.rpcUrl, hubAddress: chain.hubAddress });
  expect((await readHub(reader).addresses()).registries).toEqual(chain.registries);
  const wallet = await readWallet(reader, chain.tokenAddress, chain.accounts.requester.address);
  expect(wallet.token).toBe(100_000n * 10n ** 9n);
});

test('can be reorganised, moved back and moved in time', async () => {
  const hashAt = async (number: number) =>
    ((await chain.admin('eth_getBlockByNumber', [`0x${number.toString(16)}`, false])) as { hash: string } | null)?.hash;
  const head = async () => Number(await chain.admin('eth_blockNumber'));
  await chain.admin('anvil_mine', ['0x5']);
  const height = await head();
  const before = await hashAt(height);
  await chain.reorganise(3);
  expect(await hashAt(height)).not.toBe(before);
  const restore = await chain.snapshot();
  const remembered = await head();
  await chain.skipTime(3600);
  const block = (await chain.admin('eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
  expect(Number(block.timestamp)).toBeGreaterThan(Date.now() / 1000 + 3000);
  await restore();
  expect(await head()).toBeLessThanOrEqual(remembered + 2);
});
