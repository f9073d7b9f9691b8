import { type Call, createChain, createMemoryOutbox, createSender, type Outbox, type Sender } from '@gleaner/chain';
import type { Address, Hex } from '@gleaner/primitives';
import { encodeAbiParameters, encodeErrorResult, parseAbi, parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, startAnvil, type TestChain } from './anvil.ts';
import { ECHO_CONTRACT } from './echoContract.ts';

let node: TestChain;
let echo: Address;
const senders: Sender[] = [];

beforeAll(async () => {
  node = await startAnvil();
  const hash = await node.rpc<Hex>('eth_sendTransaction', { from: account(9).address, data: ECHO_CONTRACT });
  const receipt = await waitReceipt(hash);
  echo = receipt.contractAddress;
});

afterAll(async () => {
  for (const sender of senders) sender.close();
  await node.stop();
});

describe('a sender', () => {
  test('resolves on the mined receipt', async () => {
    const receipt = await setup(0).sendCall(increment());
    expect(receipt.status).toBe('success');
    expect(receipt.to).toBe(echo.toLowerCase());
  });

  test('carries hundreds of transactions a second', async () => {
    const sender = setup(1);
    const before = await counter();
    const started = performance.now();
    await Promise.all(Array.from({ length: 400 }, () => sender.sendCall(increment(), { effect: crypto.randomUUID() })));
    const perSecond = 400 / ((performance.now() - started) / 1000);
    expect(await counter()).toBe(before + 400n);
    // one after the other they would be at most 3 a second; the full rate needs a machine that does nothing else
    expect(perSecond).toBeGreaterThan(process.env['GLEANER_DEEP'] ? 200 : 50);
  });

  test('keeps the order of calls that depend on one another', async () => {
    const receipts = await setup(2).sendAll(Array.from({ length: 20 }, () => ({ ...increment(), gas: 60_000n })));
    const places = receipts.map(({ blockNumber, transactionIndex }) => Number(blockNumber) * 10_000 + transactionIndex);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each([
    [
      'reason',
      encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['iExecV5-matchOrders-0x05'] }),
      'iExecV5-matchOrders-0x05',
    ],
    ['panic', encodeErrorResult({ abi: parseAbi(['error Panic(uint256)']), args: [0x11n] }), 'Panic(0x11)'],
    ['custom', '0x74a0583f' as Hex, 'CallerIsNotTheRequester()'],
    ['unknown', `0xdeadbeef${encodeAbiParameters([{ type: 'uint256' }], [1n]).slice(2)}` as Hex, undefined],
  ])('types a revert of kind %s before anything is sent', async (kind, data, revert) => {
    const sender = setup(3);
    const nonce = await node.chain.client.getTransactionCount({ address: sender.address });
    const failure = await sender.sendCall({ ...increment(), data }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ details: { revertKind: kind, revert: revert ?? data } });
    expect(await node.chain.client.getTransactionCount({ address: sender.address, blockTag: 'pending' })).toBe(nonce);
  });

  test('types a transaction that was mined and reverted', async () => {
    const data = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['no'] });
    await expect(setup(3).sendCall({ ...increment(), data }, { gas: 100_000n })).rejects.toMatchObject({
      code: 'chain-reverted',
      details: { revert: 'no', mined: true },
    });
  });

  test('says that an account cannot pay for gas, and goes on once it can', async () => {
    const sender = setup(12);
    await expect(sender.sendCall(increment())).rejects.toMatchObject({ code: 'gas-too-low' });
    await node.rpc('anvil_setBalance', sender.address, `0x${parseEther('1').toString(16)}`);
    await expect(sender.sendCall(increment())).resolves.toMatchObject({ status: 'success' });
  });

  test('sends an effect once, however often it is asked for', async () => {
    const sender = setup(4);
    const before = await counter();
    const [a, b] = await Promise.all([sender.sendCall(increment(), { effect: 'one' }), sender.sendCall(increment(), { effect: 'one' })]);
    const c = await sender.sendCall(increment(), { effect: 'one' });
    expect(new Set([a.transactionHash, b.transactionHash, c.transactionHash]).size).toBe(1);
    expect(await counter()).toBe(before + 1n);
  });

  test('tells that another transaction took its nonce', async () => {
    const sender = setup(5);
    const outbox = withCrashAfterPut(createMemoryOutbox());
    await expect(setup(5, outbox).sendCall(increment(), { effect: 'late' })).rejects.toThrow('crash');
    await sender.sendCall(increment(), { gas: 70_000n });
    await expect(setup(5, outbox.recovered).sendCall(increment(), { effect: 'late' })).rejects.toMatchObject({
      code: 'transaction-rejected',
      details: { reason: 'nonce-consumed' },
    });
    // planned anew, the same effect is free
    await expect(setup(5, outbox.recovered).sendCall(increment(), { effect: 'late' })).resolves.toMatchObject({ status: 'success' });
  });

  test('ends the waiting, not the transaction, on a signal or after the time', async () => {
    const sender = setup(6);
    const before = await counter();
    await expect(sender.sendCall(increment(), { effect: 'slow', timeoutMs: 1 })).rejects.toMatchObject({ code: 'transaction-timed-out' });
    await expect(sender.sendCall(increment(), { effect: 'slow', signal: AbortSignal.timeout(1) })).rejects.toMatchObject({
      code: 'aborted',
    });
    await sender.sendCall(increment(), { effect: 'slow' });
    expect(await counter()).toBe(before + 1n);
  });

  test('names an unreachable chain', async () => {
    const chain = createChain({ rpcUrl: 'http://127.0.0.1:1', hubAddress: echo, retries: 0 });
    const sender = createSender({ chain, account: account(0) });
    await expect(sender.sendCall(increment())).rejects.toMatchObject({ code: 'chain-unreachable' });
  });
});

describe('after a crash between outbox and broadcast', () => {
  test('the stored transactions are sent, each once', async () => {
    const outbox = withCrashAfterPut(createMemoryOutbox());
    const crashed = setup(7, outbox);
    const before = await counter();
    await expect(crashed.sendCall(increment(), { effect: 'a' })).rejects.toThrow('crash');
    expect(await counter()).toBe(before);

    const revived = setup(7, outbox.recovered);
    await revived.resume();
    const [a] = await Promise.all([revived.sendCall(increment(), { effect: 'a' }), revived.sendCall(increment(), { effect: 'b' })]);
    expect((await outbox.find(revived.address, 'a'))?.hash).toBe(a.transactionHash);
    expect(await counter()).toBe(before + 2n);
  });

  test('what was mined while nobody looked is found, not sent again', async () => {
    const outbox = createMemoryOutbox();
    const first = setup(8, outbox);
    const before = await counter();
    await expect(first.sendCall(increment(), { effect: 'x', timeoutMs: 1 })).rejects.toMatchObject({ code: 'transaction-timed-out' });
    first.close();
    await node.rpc('anvil_mine', '0x2');
    await setup(8, outbox).sendCall(increment(), { effect: 'x' });
    expect(await counter()).toBe(before + 1n);
  });
});

function setup(index: number, outbox?: Outbox): Sender {
  const sender = createSender({ chain: node.chain, account: account(index), rebroadcastMs: 600, ...(outbox && { outbox }) });
  senders.push(sender);
  return sender;
}

/** The process dies once its outbox has stored one entry; `recovered` is what the next process finds. */
function withCrashAfterPut(outbox: Outbox): Outbox & { recovered: Outbox } {
  return {
    ...outbox,
    recovered: outbox,
    async put(entry) {
      await outbox.put(entry);
      throw new Error('crash');
    },
  };
}

const increment = (): Call => ({ to: echo, data: '0x', name: 'increment' });
const counter = async (): Promise<bigint> => BigInt((await node.chain.client.getStorageAt({ address: echo, slot: '0x0' })) ?? '0x0');

async function waitReceipt(hash: Hex): Promise<{ contractAddress: Address }> {
  for (;;) {
    const receipt = await node.rpc<{ contractAddress: Address } | null>('eth_getTransactionReceipt', hash);
    if (receipt) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
