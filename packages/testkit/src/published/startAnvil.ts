import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { anvilPath, callRpc, identifyProcess } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import { createScratchFolder } from '../scratchFolder.ts';
import { CHAIN_ID } from './signing.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';
/** Accounts that the node holds keys and gas for. */
const NODE_ACCOUNTS = 24;
const OPTIONS = [
  '--chain-id',
  `${CHAIN_ID}`,
  '--port',
  '0',
  '--accounts',
  `${NODE_ACCOUNTS}`,
  '--mnemonic',
  MNEMONIC,
  '--hardfork',
  'prague',
  '--balance',
  '1000000',
];
/** One state per snapshot is enough here; the sequences of calls go back to it again and again. */
const MEMORY = ['--prune-history', '64', '--transaction-block-keeper', '64'];

/** A bare development chain: one block for every transaction until `evm_setAutomine` says otherwise. */
export interface Anvil {
  readonly url: string;
  /** A JSON-RPC call, `evm_` and `anvil_` included; it throws what `callRpc` throws. */
  call<T>(method: string, params?: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

/** Account of the node with this index, 0 to `NODE_ACCOUNTS` - 1; the node signs for it too. */
export function nodeAccount(addressIndex: number): HDAccount {
  return mnemonicToAccount(MNEMONIC, { addressIndex });
}

/**
 * A node of its own; it goes away with this process, however that ends.
 * @throws {GleanerError} tool-missing without the anvil package, network-start-failed when it ends before it listens
 */
export async function startAnvil({ keepHistory = true } = {}): Promise<Anvil> {
  const folder = createScratchFolder('anvil');
  const child = spawn(anvilPath(), [...OPTIONS, '--cache-path', join(folder.path, 'cache'), ...(keepHistory ? [] : MEMORY)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin', HOME: folder.path },
  });
  if (child.pid !== undefined) folder.guard([identifyProcess(child.pid)]);
  const url = `http://${await listeningOn(child)}`;
  return {
    url,
    call: async <T>(method: string, params: readonly unknown[] = []) => (await callRpc(url, method, params, 60_000)) as T,
    close: () => folder.remove(),
  };
}

async function listeningOn(child: ChildProcess): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /Listening on (\S+)/.exec(line)?.[1];
      if (!address) continue;
      child.stdout.resume();
      return address;
    }
  }
  throw new GleanerError('network-start-failed', 'anvil ended before it listened; its messages are above');
}
