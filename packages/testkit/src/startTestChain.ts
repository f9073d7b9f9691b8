import { setTimeout as sleep } from 'node:timers/promises';
import {
  callRpc,
  type DevelopmentAccount,
  openRoleAccounts,
  openWorkerAccounts,
  type RoleAccounts,
  signalProcess,
  startLocalChain,
} from '@gleaner/localnet';
import type { Hex } from '@gleaner/primitives';
import { createScratchFolder } from './scratchFolder.ts';

export interface TestChainOptions {
  /** Seconds; 0.1 unless told. */
  readonly blockTimeSec?: number;
  /** Worker accounts with gas; 5 unless told. */
  readonly workers?: number;
}

export interface TestChain {
  readonly chainId: number;
  readonly genesisHash: Hex;
  readonly rpcUrl: string;
  readonly adminRpcUrl: string;
  readonly accounts: RoleAccounts;
  readonly workers: readonly DevelopmentAccount[];
  /** Folder of the chain. */
  readonly dataDir: string;
  /** Any JSON-RPC call at the bare node, `anvil_` and `evm_` included. */
  admin(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Replaces the latest `depth` blocks by empty ones; their transactions are gone. */
  reorganise(depth: number): Promise<void>;
  /** Writes the state now, so that a later kill loses nothing older. */
  dump(): Promise<void>;
  /** Ends the node at once, as a crash would, and waits until it is back. */
  crash(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** A chain of its own for one suite, with accounts that have gas; it goes away with this process, however that ends. */
export async function startTestChain(options: TestChainOptions = {}): Promise<TestChain> {
  const folder = createScratchFolder('chain');
  try {
    const accounts = await openRoleAccounts(folder.path);
    const workers = await openWorkerAccounts(folder.path, options.workers ?? 5);
    const chain = await startLocalChain({
      chainDir: `${folder.path}/chain`,
      logDir: `${folder.path}/logs`,
      blockTimeSec: options.blockTimeSec ?? 0.1,
      funded: [...Object.values(accounts), ...workers].map(({ address }) => address),
      onChange: ({ identity }) => folder.guard(identity ? [identity] : []),
    });
    const signal = (name: NodeJS.Signals) => chain.identity && signalProcess(chain.identity, name);
    return {
      ...pick(chain),
      accounts,
      workers,
      dataDir: folder.path,
      admin: (method, params) => callRpc(chain.adminRpcUrl, method, params),
      async reorganise(depth) {
        await callRpc(chain.adminRpcUrl, 'anvil_reorg', [depth, []]);
      },
      dump: () => chain.dump(),
      async crash() {
        const restarts = chain.part.restarts;
        signal('SIGKILL');
        while (chain.part.restarts === restarts || !(await chain.part.whenReady(100))) await sleep(10);
      },
      pause: () => void signal('SIGSTOP'),
      resume: () => void signal('SIGCONT'),
      async close() {
        await chain.close();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function pick({ chainId, genesisHash, rpcUrl, adminRpcUrl }: Pick<TestChain, 'chainId' | 'genesisHash' | 'rpcUrl' | 'adminRpcUrl'>) {
  return { chainId, genesisHash, rpcUrl, adminRpcUrl };
}
