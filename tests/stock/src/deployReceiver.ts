import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@gleaner/e2e/until';
import type { Network } from '@gleaner/localnet';
import type { Address, Hex } from '@gleaner/primitives';
import { createPublicClient, createWalletClient, http, parseAbi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Newcomer } from './newcomer.ts';

/** Contracts of fixtures/Receivers.sol. */
type ReceiverName = 'Receiver' | 'Refuser' | 'Burner';

const codes = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'receivers.json'), 'utf8')) as Record<ReceiverName, Hex>;
const abi = parseAbi(['function task() view returns (bytes32)', 'function data() view returns (bytes)']);

/** Puts a contract on chain that results may be delivered to. */
export async function deployReceiver({ privateKey }: Newcomer, { rpcUrl }: Network, name: ReceiverName): Promise<Address> {
  const client = createWalletClient({ account: privateKeyToAccount(privateKey), transport: http(rpcUrl) });
  const hash = await client.deployContract({ abi: [], bytecode: codes[name], chain: null });
  const receipt = await until('The deployment', () => readerOf(rpcUrl).getTransactionReceipt({ hash }));
  return receipt.contractAddress as Address;
}

/** What a `Receiver` got last. */
export async function readReceiver({ rpcUrl }: Network, address: Address): Promise<{ readonly task: Hex; readonly data: Hex }> {
  const read = (functionName: 'task' | 'data') => readerOf(rpcUrl).readContract({ address, abi, functionName });
  return { task: await read('task'), data: await read('data') };
}

const readerOf = (rpcUrl: string) => createPublicClient({ transport: http(rpcUrl), cacheTime: 0 });
