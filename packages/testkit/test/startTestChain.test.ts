import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestChain, type TestChain } from '../src/index.ts';

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.close());

test('a chain of one suite mines, funds its accounts and keeps its genesis over a crash', async () => {
  const balance = await chain.admin('eth_getBalance', [chain.accounts.requester.address, 'latest']);
  expect(BigInt(String(balance))).toBe(10_000n * 10n ** 18n);
  await chain.crash();
  const genesis = (await chain.admin('eth_getBlockByNumber', ['0x0', false])) as { hash: string };
  expect(genesis.hash).toBe(chain.genesisHash);
});
