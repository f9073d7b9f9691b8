import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Chain, createChain } from '@gleaner/chain';
import { LOWEST_DEVELOPMENT_CHAIN_ID } from '@gleaner/protocol';
import { mnemonicToAccount } from 'viem/accounts';

const MNEMONIC = 'test test test test test test test test test test test junk';
const ZERO = '0x0000000000000000000000000000000000000000';

export interface TestChain {
  readonly url: string;
  readonly chain: Chain;
  /** A JSON-RPC call of the development node, for example `anvil_mine`. */
  rpc<T>(method: string, ...params: unknown[]): Promise<T>;
  stop(): Promise<void>;
}

/** The funded development account of this index, 0…9. */
export const account = (addressIndex: number) => mnemonicToAccount(MNEMONIC, { addressIndex });

/** The id of a local network; any other id below makes a public chain of it, as far as the market is concerned. */
const DEVELOPMENT_CHAIN_ID = LOWEST_DEVELOPMENT_CHAIN_ID;
export const PUBLIC_CHAIN_ID = 424_242;

/** A local chain of its own on a free port. */
export async function startAnvil({ blockTimeSec = 0.3, chainId = DEVELOPMENT_CHAIN_ID, args = [] as string[] } = {}): Promise<TestChain> {
  const pkg = createRequire(import.meta.url).resolve(
    `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/package.json`,
  );
  const timing = blockTimeSec > 0 ? ['--block-time', String(blockTimeSec)] : ['--no-mining'];
  const child = spawn(join(dirname(pkg), 'bin', 'anvil'), ['--port', '0', '--chain-id', `${chainId}`, ...timing, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = `http://${await listeningOn(child)}`;
  let id = 0;
  return {
    url,
    chain: createChain({ rpcUrl: url, hubAddress: ZERO }),
    async rpc<T>(method: string, ...params: unknown[]) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params });
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function listeningOn(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('anvil has no stdout');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const address = /Listening on (\S+)/.exec(line)?.[1];
    if (!address) continue;
    child.stdout.resume();
    return address;
  }
  throw new Error('anvil ended before it listened');
}
