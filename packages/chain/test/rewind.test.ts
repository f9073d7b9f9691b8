import { createMemoryOutbox, createSender, type Sender } from '@gleaner/chain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, startAnvil, type TestChain } from './anvil.ts';

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
  await second.sendCall({ to, data: '0x', value: 7n, name: 'transfer' }, { effect: 'new' });
  await second.sendCall({ to, data: '0x', value: 5n, name: 'transfer' }, { effect: 'gone' });
  expect(await node.chain.client.getBalance({ address: to })).toBe(before + 12n);
});

function setup(index: number): Sender {
  const sender = createSender({ chain: node.chain, account: account(index), rebroadcastMs: 500 });
  senders.push(sender);
  return sender;
}
