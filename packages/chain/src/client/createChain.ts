import type { Address, Bytes32, UnixSeconds } from '@gleaner/primitives';
import { GleanerError } from '@gleaner/primitives';
import { http } from 'viem';
import { rpcFailure } from '../reverts/rpcFailure.ts';
import { createRpcClient, type RpcClient } from './RpcClient.ts';

/** Enough of a block to follow the chain and to see it reorganise. */
export interface BlockRef {
  readonly number: bigint;
  readonly hash: Bytes32;
  readonly parentHash: Bytes32;
  readonly timestamp: UnixSeconds;
}

/** What makes one chain different from another at the same URL. */
export interface ChainIdentity {
  readonly chainId: number;
  readonly genesisHash: Bytes32;
}

export interface ChainOptions {
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  /** For one HTTP request, in milliseconds; 10 000 by default. */
  readonly timeoutMs?: number;
  /** Further attempts after a failed request; 2 by default. */
  readonly retries?: number;
  /** JSON-RPC calls per HTTP request; 100 by default. */
  readonly batchSize?: number;
  /** Ends every request in flight. */
  readonly signal?: AbortSignal;
}

export interface Chain {
  readonly rpcUrl: string;
  readonly hubAddress: Address;
  /** For calls this package does not wrap; wrap them in `attempt` to get typed failures. */
  readonly client: RpcClient;
  /** Runs calls on the client; its failures become `chain-unreachable`, `timed-out`, `rate-limited`, `aborted` or `chain-reverted`. */
  attempt<T>(run: (client: RpcClient) => Promise<T>, what?: string): Promise<T>;
  /**
   * Chain id and hash of block 0.
   * @throws {GleanerError} chain-replaced when they differ from the expected ones
   */
  identify(expected?: Partial<ChainIdentity>): Promise<ChainIdentity>;
  head(): Promise<BlockRef>;
  /** The block of this height, or `undefined` above the head. */
  block(number: bigint): Promise<BlockRef | undefined>;
}

/** Connection to one EVM chain by JSON-RPC. Nothing is sent before the first call. */
export function createChain(options: ChainOptions): Chain {
  const client = createClient(options);
  const attempt: Chain['attempt'] = async (run, what) => {
    try {
      return await run(client);
    } catch (error) {
      throw rpcFailure(error, { rpcUrl: options.rpcUrl, ...(what !== undefined && { what }) });
    }
  };
  return {
    rpcUrl: options.rpcUrl,
    hubAddress: options.hubAddress,
    client,
    attempt,
    identify: (expected = {}) => attempt((rpc) => readIdentity(rpc, expected), 'identify'),
    head: () => attempt(async (rpc) => toBlockRef(await rpc.getBlock({ blockTag: 'latest' })), 'head'),
    block: (number) => attempt((rpc) => findBlock(rpc, number), 'block'),
  };
}

/**
 * viem gathers requests into batches by URL, over all clients of the process: requests of one client would end with the abort signal
 * and the time-out of another. A fragment, which is never sent, keeps them apart.
 */
let clients = 0;
const urlOfItsOwn = (rpcUrl: string): string => `${rpcUrl}#${++clients}`;

function createClient({ rpcUrl, timeoutMs = 10_000, retries = 2, batchSize = 100, signal }: ChainOptions): RpcClient {
  const transport = http(urlOfItsOwn(rpcUrl), {
    batch: { batchSize },
    retryCount: retries,
    retryDelay: 150,
    timeout: timeoutMs,
    ...(signal && { fetchOptions: { signal } }),
  });
  return createRpcClient(transport);
}

async function readIdentity(rpc: RpcClient, expected: Partial<ChainIdentity>): Promise<ChainIdentity> {
  const [chainId, genesis] = await Promise.all([rpc.getChainId(), rpc.getBlock({ blockNumber: 0n })]);
  const found: ChainIdentity = { chainId, genesisHash: genesis.hash as Bytes32 };
  if (expected.chainId !== undefined && expected.chainId !== found.chainId) throw replaced('id', expected.chainId, found.chainId);
  if (expected.genesisHash !== undefined && expected.genesisHash !== found.genesisHash) {
    throw replaced('genesis hash', expected.genesisHash, found.genesisHash);
  }
  return found;
}

function replaced(property: string, expected: string | number, found: string | number): GleanerError {
  return new GleanerError('chain-replaced', `The chain has the ${property} ${found}, expected ${expected}`, {
    details: { expected, found },
  });
}

async function findBlock(rpc: RpcClient, number: bigint): Promise<BlockRef | undefined> {
  // the bare request answers null above the head, where viem's action throws
  const block = await rpc.request({ method: 'eth_getBlockByNumber', params: [`0x${number.toString(16)}`, false] });
  if (block?.hash == null || block.number == null) return undefined;
  return toBlockRef({ ...block, hash: block.hash, number: BigInt(block.number), timestamp: BigInt(block.timestamp) });
}

/** @internal */
function toBlockRef(block: { number: bigint; hash: string; parentHash: string; timestamp: bigint }): BlockRef {
  return {
    number: block.number,
    hash: block.hash as Bytes32,
    parentHash: block.parentHash as Bytes32,
    timestamp: block.timestamp as UnixSeconds,
  };
}
