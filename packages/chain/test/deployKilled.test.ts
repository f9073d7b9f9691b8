import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { deployMarket } from '@gleaner/chain';
import fc from 'fast-check';
import { pad, toHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, PUBLIC_CHAIN_ID, startAnvil } from './anvil.ts';
import { startInterceptor } from './interceptor.ts';

/** Of a market with a timelock: 16 creations, 9 settings, 4 handovers. */
const TRANSACTIONS = 30;
/** A process of its own, and two deployments, on a machine that may be busy. */
const TIMEOUT_MS = 240_000;
const program = join(import.meta.dirname, 'programs', 'deployMarket.ts');
const isDeep = process.env['GLEANER_DEEP'] !== undefined;

const seed = Date.now() % 2 ** 31;
const all = Array.from({ length: TRANSACTIONS }, (_, i) => i + 1);
const [some = []] = fc.sample(fc.shuffledSubarray(all, { minLength: 2, maxLength: 2 }), { numRuns: 1, seed });
const cuts = isDeep ? all : some;

/** A chain, with a front that can stop passing transactions on. */
async function startChain(args: string[] = []) {
  const node = await startAnvil({ chainId: PUBLIC_CHAIN_ID, blockTimeSec: 0.2, args });
  return { node, front: await startInterceptor(node.url) };
}
type Chain = Awaited<ReturnType<typeof startChain>>;

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => stop(chain));

const outcome = 'the next run sends what is missing, and each transaction once';

test.each(cuts)(
  `killed after transaction %i (seed ${seed}): ${outcome}`,
  async (count) => {
    await killAndComplete(chain, count, TRANSACTIONS);
  },
  TIMEOUT_MS,
);

test.each(isDeep ? [1, 2] : [1 + (seed % 2)])(
  `killed after transaction %i, while the factory is made: ${outcome}`,
  async (count) => {
    const bare = await startChain(['--disable-default-create2-deployer']);
    try {
      // the creation of the factory is not a transaction of the deployer
      await killAndComplete(bare, count, TRANSACTIONS + 1);
    } finally {
      await stop(bare);
    }
  },
  TIMEOUT_MS,
);

async function killAndComplete(where: Chain, count: number, expected: number): Promise<void> {
  const options = { rpcUrl: where.node.url, deployer: account(0), salt: pad(toHex(count), { size: 32 }) };
  const nonce = () => where.node.chain.client.getTransactionCount({ address: account(0).address });
  const before = await nonce();
  await runAndKill(where, count, options.salt);
  await deployMarket(options);
  expect((await nonce()) - before).toBe(expected);
  expect(await deployMarket(options)).toMatchObject({ transactions: 0 });
}

/** Kills a deployment in a process of its own when this many transactions have reached the node. */
async function runAndKill({ front }: Chain, count: number, salt: string): Promise<void> {
  const reached = front.cutAfter(count);
  const child = spawn(process.execPath, [program, front.url, salt], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([reached, ended]);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

async function stop({ node, front }: Chain): Promise<void> {
  await front.close();
  await node.stop();
}
