import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { deployMarket } from '@gleaner/chain';
import fc from 'fast-check';
import { pad, toHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, PUBLIC_CHAIN_ID, startAnvil, type TestChain } from './anvil.ts';
import { type Interceptor, startInterceptor } from './interceptor.ts';

/** Of a market with a timelock: 16 creations, 9 settings, 4 handovers. */
const TRANSACTIONS = 29;
const program = join(import.meta.dirname, 'programs', 'deployMarket.ts');
const isDeep = process.env['GLEANER_DEEP'] !== undefined;

let node: TestChain;
let front: Interceptor;
beforeAll(async () => {
  node = await startAnvil({ chainId: PUBLIC_CHAIN_ID, blockTimeSec: 0.2 });
  front = await startInterceptor(node.url);
});
afterAll(async () => {
  await front.close();
  await node.stop();
});

const seed = Date.now() % 2 ** 31;
const all = Array.from({ length: TRANSACTIONS }, (_, i) => i + 1);
const [some = []] = fc.sample(fc.shuffledSubarray(all, { minLength: 2, maxLength: 2 }), { numRuns: 1, seed });
const cuts = isDeep ? all : some;

test.each(cuts)(
  `killed after transaction %i (seed ${seed}): the next run sends what is missing, and each transaction once`,
  async (count) => {
    const salt = pad(toHex(count), { size: 32 });
    const nonce = () => node.chain.client.getTransactionCount({ address: account(0).address });
    const before = await nonce();
    await runAndKill(count, salt);
    const { transactions } = await deployMarket({ rpcUrl: node.url, deployer: account(0), salt });
    expect(transactions).toBe(TRANSACTIONS - count);
    expect((await nonce()) - before).toBe(TRANSACTIONS);
    expect(await deployMarket({ rpcUrl: node.url, deployer: account(0), salt })).toMatchObject({ transactions: 0 });
  },
);

/** Kills a deployment in a process of its own when this many transactions have reached the node. */
async function runAndKill(count: number, salt: string): Promise<void> {
  const reached = front.cutAfter(count);
  const child = spawn(process.execPath, [program, front.url, salt], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([reached, ended]);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}
