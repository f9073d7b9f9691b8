import type { Address, Bytes32, Hex } from '@gleaner/primitives';
import type { EventPlace } from './HubEvent.ts';

/** A log of a mined block, as viem and JSON-RPC clients give it. */
export interface ChainLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

export function placeOf(log: ChainLog): EventPlace {
  return {
    address: log.address,
    blockNumber: log.blockNumber,
    blockHash: log.blockHash as Bytes32,
    transactionHash: log.transactionHash as Bytes32,
    transactionIndex: log.transactionIndex,
    logIndex: log.logIndex,
  };
}
