import { type Chain, createMemoryOutbox, createSender, type Sender } from '@gleaner/chain';
import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, startAnvil, type TestChain } from './anvil.ts';
import { ECHO_CONTRACT } from './echoContract.ts';

let node: TestChain;
const senders: Sender[] = [];

beforeAll(async () => {
  node = await startAnvil({ blockTimeSec: 0.3 });
});
afterAll(async () => {
  for (const sender of senders) sender.close();
  await node.stop();
});

test('a chain that comes back with a lower head gets the lost transactions again', async () => {
  const sender = setup(0);
  const to = account(8).address;
  await sender.sendCall({ to, data: '0x', name: 'transfer' }, { effect: 'kept' });
  const snapshot = await node.rpc<string>('evm_snapshot');
  const lost = await Promise.all([1n, 2n, 3n].map((value) => sender.sendCall({ to, data: '0x', value, name: 'transfer' })));
  const balance = await node.chain.client.getBalance({ address: to });
  await node.rpc('evm_revert', snapshot);
  expect(await node.chain.client.getBalance({ address: to })).toBe(balance - 6n);

  await expect.poll(() => node.chain.client.getBalance({ address: to }), { timeout: 8000, interval: 100 }).toBe(balance);
  for (const { transactionHash } of lost) await node.chain.client.getTransactionReceipt({ hash: transactionHash });
});

test('a sender that starts after the rewind sends what its outbox says was mined', async () => {
  const outbox = createMemoryOutbox();
  const first = createSender({ chain: node.chain, account: account(1), outbox });
  const to = account(7).address;
  const snapshot = await node.rpc<string>('evm_snapshot');
  await first.sendCall({ to, data: '0x', value: 5n, name: 'transfer' }, { effect: 'gone' });
  first.close();
  await node.rpc('evm_revert', snapshot);

  const second = createSender({ chain: node.chain, account: account(1), outbox, rebroadcastMs: 500 });
  senders.push(second);
  const before = await node.chain.client.getBalance({ address: to });
  await second.resume();
  await expect.poll(() => node.chain.client.getBalance({ address: to }), { timeout: 5000, interval: 100 }).toBe(before + 5n);
  await second.sendCall({ to, data: '0x', value: 7n, name: 'transfer' }, { effect: 'new' });
  await second.sendCall({ to, data: '0x', value: 5n, name: 'transfer' }, { effect: 'gone' });
  expect(await node.chain.client.getBalance({ address: to })).toBe(before + 12n);
});

test('a nonce that nobody remembers is filled, so that those above it are mined', async () => {
  const outbox = createMemoryOutbox();
  const first = createSender({ chain: node.chain, account: account(2), outbox });
  const to = account(6).address;
  const snapshot = await node.rpc<string>('evm_snapshot');
  const forgotten = await first.sendCall({ to, data: '0x', value: 1n, name: 'transfer' }, { effect: 'forgotten' });
  await first.sendCall({ to, data: '0x', value: 10n, name: 'transfer' }, { effect: 'remembered' });
  first.close();
  await node.rpc('evm_revert', snapshot);
  await outbox.settle(first.address, forgotten.transactionHash as Bytes32, 'abandoned');

  const second = createSender({ chain: node.chain, account: account(2), outbox, rebroadcastMs: 500 });
  senders.push(second);
  const before = await node.chain.client.getBalance({ address: to });
  await second.sendCall({ to, data: '0x', value: 100n, name: 'transfer' }, { effect: 'new' });
  expect(await node.chain.client.getBalance({ address: to })).toBe(before + 110n);
});

test('a lost transaction that had reverted is not sent again: its effect may have been planned anew', async () => {
  const outbox = createMemoryOutbox();
  const first = createSender({ chain: node.chain, account: account(4), outbox });
  const data = ECHO_CONTRACT;
  const created = await node.rpc<Hex>('eth_sendTransaction', { from: account(9).address, data });
  await expect.poll(() => node.rpc('eth_getTransactionReceipt', created), { timeout: 5000 }).not.toBeNull();
  const { contractAddress: to } = await node.rpc<{ contractAddress: Address }>('eth_getTransactionReceipt', created);
  const snapshot = await node.rpc<string>('evm_snapshot');
  const options = { effect: 'twice', gas: 100_000n };
  await expect(first.sendCall({ to, data: '0x00', name: 'revert' }, options)).rejects.toMatchObject({ code: 'chain-reverted' });
  await first.sendCall({ to, data: '0x', name: 'increment' }, options);
  first.close();
  await node.rpc('evm_revert', snapshot);

  const second = createSender({ chain: node.chain, account: account(4), outbox, rebroadcastMs: 500 });
  senders.push(second);
  await second.sendCall({ to, data: '0x', name: 'increment' }, options);
  expect(BigInt((await node.chain.client.getStorageAt({ address: to, slot: '0x0' })) ?? 0)).toBe(1n);
  expect((await outbox.fromNonce(second.address, 0)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});

test('many lost transactions come back in their order, and new ones follow', async () => {
  const sender = setup(3);
  const to = account(5).address;
  const snapshot = await node.rpc<string>('evm_snapshot');
  const before = await node.chain.client.getBalance({ address: to });
  await sender.sendAll(Array.from({ length: 150 }, () => ({ to, data: '0x' as const, value: 1n, gas: 21_000n, name: 'transfer' })));
  await node.rpc('evm_revert', snapshot);
  await sender.sendCall({ to, data: '0x', value: 1000n, name: 'transfer' });
  expect(await node.chain.client.getBalance({ address: to })).toBe(before + 1150n);
});

test('a transaction that was found before its block was seen comes back too', async () => {
  const still = await startAnvil({ blockTimeSec: 0 });
  try {
    // each block is mined just after somebody has looked at the head
    const attempt: Chain['attempt'] = async (run, what) => {
      const answer = await still.chain.attempt(run, what);
      if (what === 'head') await still.rpc('anvil_mine');
      return answer;
    };
    const sender = createSender({ chain: { ...still.chain, attempt }, account: account(0), pollMs: 10, rebroadcastMs: 1 });
    senders.push(sender);
    const { blockNumber, transactionHash: hash } = await sender.sendCall({ to: account(8).address, data: '0x', name: 'transfer' });
    const depth = (await still.chain.head()).number - blockNumber + 1n;
    await still.rpc('anvil_reorg', Number(depth), []);
    const count = () => still.chain.client.getTransactionCount({ address: sender.address });
    expect(await count()).toBe(0);

    await expect.poll(count, { timeout: 5000, interval: 50 }).toBe(1);
    expect(await still.chain.client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' });
  } finally {
    await still.stop();
  }
});

function setup(index: number): Sender {
  const sender = createSender({ chain: node.chain, account: account(index), rebroadcastMs: 500 });
  senders.push(sender);
  return sender;
}
