import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { NonceReads } from './NonceReads.ts';

const sender = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const other = privateKeyToAccount(`0x${'22'.repeat(32)}`);

test('a transaction waits for the rest of its sender’s cache, and for nobody else’s', async () => {
  const reads = new NonceReads();
  const raw = await sender.signTransaction({ type: 'eip1559', chainId: 1, nonce: 0, gas: 21_000n });
  expect(await reads.untilForgotten(raw, 1_000)).toBe(0);
  reads.note(asking(other.address), 1_000);
  expect(await reads.untilForgotten(raw, 1_000)).toBe(0);
  reads.note(asking(sender.address), 1_000);
  expect(await reads.untilForgotten(raw, 1_000)).toBe(270);
  expect(await reads.untilForgotten(raw, 1_200)).toBe(70);
  expect(await reads.untilForgotten(raw, 1_270)).toBe(0);
  expect(await reads.untilForgotten('0x02ff', 1_200)).toBe(0);
});

test('what asks for something else, or for nobody’s nonce, is nothing to wait for', async () => {
  const reads = new NonceReads();
  const raw = await sender.signTransaction({ type: 'legacy', chainId: 1, nonce: 0, gas: 21_000n, gasPrice: 1n });
  for (const params of [undefined, [], [7], ['0x12'], {}]) reads.note({ ...asking(sender.address), params }, 0);
  reads.note({ ...asking(sender.address), method: 'eth_getBalance' }, 0);
  expect(await reads.untilForgotten(raw, 0)).toBe(0);
});

test('who asks for the mined nonces too counts by himself, and waits for nothing', async () => {
  const reads = new NonceReads();
  const raw = await sender.signTransaction({ type: 'eip1559', chainId: 1, nonce: 0, gas: 21_000n });
  reads.note(asking(sender.address), 1_000);
  reads.note(asking(other.address, 'latest'), 1_000);
  expect(await reads.untilForgotten(raw, 1_000)).toBe(270);
  reads.note(asking(sender.address, 'latest'), 1_001);
  expect(await reads.untilForgotten(raw, 1_001)).toBe(0);
  reads.note(asking(sender.address), 2_000);
  expect(await reads.untilForgotten(raw, 2_000)).toBe(270);
});

const asking = (address: string, tag = 'pending') =>
  ({ jsonrpc: '2.0', id: 1, method: 'eth_getTransactionCount', params: [address, tag] }) as const;
