import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, type Hex, isGleanerError } from '@gleaner/primitives';
import { isDevelopmentChain } from '@gleaner/protocol';
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import { afterEach, expect, test } from 'vitest';
import { callRpc, callRpcBatch } from '../src/chain/callRpc.ts';
import { type LocalChain, startLocalChain } from '../src/chain/startLocalChain.ts';
import { openRoleAccounts, type RoleAccounts } from '../src/keys/developmentAccounts.ts';
import { signalProcess } from '../src/process/processIdentity.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test('block timestamps follow the wall clock and never decrease, at fractional block times', async () => {
  const { chain } = await setup({ blockTimeSec: 0.2 });
  const seen: { number: number; timestamp: number; drift: number }[] = [];
  const until = performance.now() + 4_000;
  while (performance.now() < until) {
    const block = await latestBlock(chain);
    seen.push({ ...block, drift: block.timestamp - Date.now() / 1000 });
    await sleep(30);
  }
  expect(seen.at(-1)?.number).toBeGreaterThan(12);
  expect(Math.max(...seen.map(({ drift }) => drift))).toBeLessThan(1);
  expect(Math.min(...seen.map(({ drift }) => drift))).toBeGreaterThan(-3);
  expect(seen.every(({ timestamp }, index) => timestamp >= (seen[index - 1]?.timestamp ?? 0))).toBe(true);
});

test('genesis, balances and blocks stay over ordered restarts, and time goes on from the wall clock', async () => {
  const first = await setup();
  const { genesisHash, chainId } = first.chain;
  await send(first, 1n);
  for (let round = 0; round < 4; round += 1) {
    const before = await latestBlock(first.chain);
    await first.chain.close();
    first.chain = await startLocalChain(first.options);
    expect(first.chain.genesisHash).toBe(genesisHash);
    expect(first.chain.chainId).toBe(chainId);
    await sleep(500);
    const block = await latestBlock(first.chain);
    expect(block.number).toBeGreaterThanOrEqual(before.number);
    expect(Math.abs(block.timestamp - Date.now() / 1000)).toBeLessThan(3);
    const balance = await callRpc(first.chain.rpcUrl, 'eth_getBalance', [first.accounts.stranger.address, 'latest']);
    expect(BigInt(String(balance))).toBe(10_000n * 10n ** 18n + 1n);
  }
});

test('every transaction the front acknowledged is on the chain after the node was killed while they flowed', async () => {
  const context = await setup({ dumpEveryMs: 700 });
  const { chain } = context;
  const acknowledged = new Set<Hex>();
  const failed: unknown[] = [];
  const senders = Object.values(context.accounts).slice(0, 4);
  const stop = performance.now() + 4_000;
  const flows = senders.map(async ({ privateKey }) => {
    const account = privateKeyToAccount(privateKey);
    for (let nonce = 0; performance.now() < stop; nonce += 1) {
      const raw = await sign(account, { chainId: chain.chainId, nonce, to: context.accounts.stranger.address, value: 1n });
      try {
        acknowledged.add((await callRpc(chain.rpcUrl, 'eth_sendRawTransaction', [raw])) as Hex);
      } catch (error) {
        failed.push(error);
        nonce -= 1;
      }
      await sleep(5);
    }
  });
  for (let kill = 0; kill < 3; kill += 1) {
    await sleep(900);
    if (chain.identity) signalProcess(chain.identity, 'SIGKILL');
  }
  await Promise.all(flows);
  expect(acknowledged.size).toBeGreaterThan(100);
  await expectMined(chain, [...acknowledged]);
  expect(chain.part.restarts).toBe(3);
  expect(failed).toEqual([]);
});

test('a chain that lost its latest blocks with the whole program killed gets them back from the journal at the next start', async () => {
  const context = await setup({ dumpEveryMs: 60_000 });
  const hashes: Hex[] = [];
  for (let nonce = 0; nonce < 20; nonce += 1) hashes.push(await send(context, 1n, nonce));
  await expectMined(context.chain, hashes);
  const head = (await latestBlock(context.chain)).number;
  await crash(context.chain);
  const again = await startLocalChain(context.options);
  cleanUps.push(() => again.close());
  expect((await latestBlock(again)).number).toBeLessThan(head);
  await expectMined(again, hashes);
});

test('two chains made in one second differ in chain id or genesis, and ids are of the development range', async () => {
  const [first, second] = await Promise.all([setup(), setup()]);
  expect([first.chain.chainId, first.chain.genesisHash]).not.toEqual([second.chain.chainId, second.chain.genesisHash]);
  expect(first.chain.genesisHash).not.toBe(second.chain.genesisHash);
  for (const { chain } of [first, second]) {
    expect(isDevelopmentChain(chain.chainId)).toBe(true);
  }
});

test('requests that come while the node restarts are answered once it is back', async () => {
  const { chain } = await setup();
  const identity = chain.identity;
  if (identity) signalProcess(identity, 'SIGKILL');
  const answers = await Promise.all([callRpc(chain.rpcUrl, 'eth_blockNumber'), callRpc(chain.rpcUrl, 'eth_chainId')]);
  expect(answers).toHaveLength(2);
});

test('a state file of another chain is refused', async () => {
  const [ours, theirs] = await Promise.all([setup(), setup()]);
  await Promise.all([ours.chain.close(), theirs.chain.close()]);
  await copyFile(join(theirs.options.chainDir, 'state.json'), join(ours.options.chainDir, 'state.json'));
  const error = await startLocalChain(ours.options).catch((cause) => cause);
  expect(isGleanerError(error) && error.code).toBe('data-corrupt');
});

interface Setup {
  chain: LocalChain;
  readonly accounts: RoleAccounts;
  readonly options: Parameters<typeof startLocalChain>[0];
}

async function setup(overrides: { blockTimeSec?: number; dumpEveryMs?: number } = {}): Promise<Setup> {
  const dir = await mkdtemp(join(tmpdir(), 'gleaner chain-'));
  cleanUps.push(() => rm(dir, { recursive: true, force: true }));
  const accounts = await openRoleAccounts(dir);
  const funded = Object.values(accounts).map(({ address }) => address);
  const options = { chainDir: join(dir, 'chain'), logDir: join(dir, 'logs'), blockTimeSec: 0.2, funded, ...overrides };
  const context = { chain: await startLocalChain(options), accounts, options };
  cleanUps.push(() => context.chain.close());
  return context;
}

/** Kills the node so that it neither dumps nor starts again. */
async function crash(chain: LocalChain): Promise<void> {
  const { identity } = chain;
  const closing = chain.part.stop();
  if (identity) signalProcess(identity, 'SIGKILL');
  await closing;
  await chain.close();
}

async function send({ chain, accounts }: Setup, value: bigint, nonce = 0): Promise<Hex> {
  const account = privateKeyToAccount(accounts.requester.privateKey);
  const raw = await sign(account, { chainId: chain.chainId, nonce, to: accounts.stranger.address, value });
  const hash = (await callRpc(chain.rpcUrl, 'eth_sendRawTransaction', [raw])) as Hex;
  await expectMined(chain, [hash]);
  return hash;
}

function sign(
  account: LocalAccount,
  { chainId, nonce, to, value }: { chainId: number; nonce: number; to: Address; value: bigint },
): Promise<Hex> {
  const fees = { maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 0n };
  return account.signTransaction({ type: 'eip1559', chainId, nonce, to, value, gas: 21_000n, ...fees });
}

async function expectMined(chain: LocalChain, hashes: readonly Hex[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  let missing = [...hashes];
  while (missing.length > 0 && performance.now() < deadline) {
    const receipts = await callRpcBatch(
      chain.rpcUrl,
      missing.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    missing = missing.filter((_, index) => (receipts[index] as { status?: string } | null)?.status !== '0x1');
    await sleep(100);
  }
  expect(missing).toEqual([]);
}

async function latestBlock(chain: LocalChain): Promise<{ number: number; timestamp: number }> {
  const block = (await callRpc(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false])) as { number: Hex; timestamp: Hex };
  return { number: Number(block.number), timestamp: Number(block.timestamp) };
}
