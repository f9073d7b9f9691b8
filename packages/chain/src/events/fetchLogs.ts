import type { Address, Hex } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import { formatLog, type LogTopic, numberToHex, type RpcLog } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { ChainLog } from './ChainLog.ts';

/** Blocks, both ends included. */
export interface LogRange {
  readonly from: bigint;
  readonly to: bigint;
}

export interface LogQuery extends LogRange {
  readonly address?: Address | readonly Address[];
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
}

/** Failures that a smaller range does not cure. */
const HOPELESS = new Set(['chain-unreachable', 'aborted', 'rate-limited']);

/**
 * Logs of a range of blocks, in the order of the chain. Where a provider limits range, answers or time, the range is halved until it fits;
 * a single block that still fails fails the call.
 */
export async function fetchLogs(chain: Chain, query: LogQuery): Promise<ChainLog[]> {
  const { from, to } = query;
  if (from > to) return [];
  try {
    return await fetchRange(chain, query);
  } catch (error) {
    if (from === to || (isGleanerError(error) && HOPELESS.has(error.code))) throw error;
    const middle = from + (to - from) / 2n;
    const first = await fetchLogs(chain, { ...query, to: middle });
    return [...first, ...(await fetchLogs(chain, { ...query, from: middle + 1n }))];
  }
}

async function fetchRange(chain: Chain, { from, to, address, topics }: LogQuery): Promise<ChainLog[]> {
  const filter = {
    fromBlock: numberToHex(from),
    toBlock: numberToHex(to),
    ...(address && { address: typeof address === 'string' ? address : [...address] }),
    ...(topics && { topics: topics as LogTopic[] }),
  };
  const logs = (await chain.attempt((rpc) => rpc.request({ method: 'eth_getLogs', params: [filter] }), 'logs')) as RpcLog[];
  return logs.map((log) => formatLog(log) as unknown as ChainLog);
}
