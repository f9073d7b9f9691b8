import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { anvilPath, callRpc } from '@gleaner/localnet';
import { GleanerError } from '@gleaner/primitives';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';

const MNEMONIC = 'test test test test test test test test test test test junk';
/** Accounts that the node holds keys and gas for. */
const NODE_ACCOUNTS = 24;
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

/** @throws {GleanerError} tool-missing without the anvil package, network-start-failed when it ends before it listens */
export async function startAnvil({ keepHistory = true } = {}): Promise<Anvil> {
  const options = ['--port', '0', '--accounts', `${NODE_ACCOUNTS}`, '--mnemonic', MNEMONIC, '--hardfork', 'prague'];
  const child = spawn(anvilPath(), [...options, '--balance', '1000000', ...(keepHistory ? [] : MEMORY)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = `http://${await listeningOn(child)}`;
  return {
    url,
    call: async <T>(method: string, params: readonly unknown[] = []) => (await callRpc(url, method, params, 60_000)) as T,
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
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
