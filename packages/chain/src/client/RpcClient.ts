import { type Client, createClient, type PublicActions, type PublicRpcSchema, type Transport } from 'viem';
import {
  call,
  estimateGas,
  estimateMaxPriorityFeePerGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getCode,
  getGasPrice,
  getLogs,
  getStorageAt,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
} from 'viem/actions';

/** viem's client with the actions that are used here: all of them would be a third of what a page loads. */
export type RpcClient = Client<Transport, undefined, undefined, PublicRpcSchema, Pick<PublicActions, keyof typeof ACTIONS>>;

export function createRpcClient(transport: Transport): RpcClient {
  const client = createClient({ transport, cacheTime: 0, pollingInterval: 100 });
  // The actions are generic in their arguments, which a list of them cannot say; the type above does.
  const bound = Object.entries(ACTIONS).map(([name, action]) => [name, (input: never) => (action as Action)(client, input)]);
  return client.extend(() => Object.fromEntries(bound)) as unknown as RpcClient;
}

type Action = (client: unknown, input: unknown) => unknown;

const ACTIONS = {
  call,
  estimateGas,
  estimateMaxPriorityFeePerGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getChainId,
  getCode,
  getGasPrice,
  getLogs,
  getStorageAt,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
};
