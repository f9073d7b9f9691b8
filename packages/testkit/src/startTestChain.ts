import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '@gleaner/chain';
import {
  callRpc,
  type DevelopmentAccount,
  type LocalChain,
  openMarket,
  openRoleAccounts,
  openWorkerAccounts,
  type RoleAccounts,
  signalProcess,
  silentLog,
  startLocalChain,
} from '@gleaner/localnet';
import type { Hex } from '@gleaner/primitives';
import { createScratchFolder } from './scratchFolder.ts';

export interface TestChainOptions {
  /** Seconds; 0.1 unless told. */
  readonly blockTimeSec?: number;
  /** Worker accounts with gas and RLC; 5 unless told. */
  readonly workers?: number;
}

/** The bare chain, without contracts. */
export interface TestChain {
  readonly chainId: number;
  readonly genesisHash: Hex;
  readonly rpcUrl: string;
  readonly adminRpcUrl: string;
  readonly accounts: RoleAccounts;
  readonly workers: readonly DevelopmentAccount[];
  /** Folder of the chain, for further files of the suite: it goes away with it. */
  readonly dataDir: string;
  /** Any JSON-RPC call at the bare node, `anvil_` and `evm_` included. */
  admin(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Replaces the latest `depth` blocks, mined since the node's last start, by empty ones; a later crash may bring back those transactions that no dump covers. */
  reorganise(depth: number): Promise<void>;
  /** Remembers the state; the function returned goes back to it, with a lower head and other blocks from there on. */
  snapshot(): Promise<() => Promise<void>>;
  /** Moves the chain's clock forward, with a block. */
  skipTime(seconds: number): Promise<void>;
  /** Writes the state now, so that a later crash loses nothing older. */
  dump(): Promise<void>;
  /** Ends the node at once and waits until it is back: with a lower head, then with the journalled transactions mined again. */
  crash(): Promise<void>;
  /** Stops the node from answering until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** A chain with the market on it and RLC in the accounts. */
export interface TestMarket extends TestChain, Deployment {}

/** A chain of its own for one suite, with accounts that have gas; it goes away with this process, however that ends. */
export async function startBareChain(options: TestChainOptions = {}): Promise<TestChain> {
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
    const close = async (): Promise<void> => {
      await chain.close();
      await folder.remove();
    };
    return { ...describe(chain), ...control(chain), accounts, workers, dataDir: folder.path, close };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** As `startBareChain`, with the market deployed. */
export async function startTestChain(options: TestChainOptions = {}): Promise<TestMarket> {
  const chain = await startBareChain(options);
  try {
    const { rpcUrl, accounts, workers } = chain;
    const market = await openMarket({ rpcUrl, accounts, workers, log: silentLog });
    await chain.dump();
    return { ...market, ...chain };
  } catch (error) {
    await chain.close();
    throw error;
  }
}

type Control = 'admin' | 'reorganise' | 'snapshot' | 'skipTime' | 'dump' | 'crash' | 'pause' | 'resume';

function control(chain: LocalChain): Pick<TestChain, Control> {
  const admin: TestChain['admin'] = (method, params) => callRpc(chain.adminRpcUrl, method, params);
  const signal = (name: NodeJS.Signals): void => {
    if (chain.identity) signalProcess(chain.identity, name);
  };
  return {
    admin,
    async reorganise(depth) {
      await admin('anvil_reorg', [depth, []]);
    },
    async snapshot() {
      const id = await admin('evm_snapshot');
      return async () => {
        await admin('evm_revert', [id]);
      };
    },
    async skipTime(seconds) {
      await admin('evm_increaseTime', [seconds]);
      await admin('evm_mine');
    },
    dump: () => chain.dump(),
    async crash() {
      const { restarts } = chain.part;
      signal('SIGKILL');
      while (chain.part.restarts === restarts || !(await chain.part.whenReady(100))) await sleep(10);
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  };
}

function describe({ chainId, genesisHash, rpcUrl, adminRpcUrl }: LocalChain) {
  return { chainId, genesisHash, rpcUrl, adminRpcUrl };
}
