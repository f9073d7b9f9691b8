import type { Address } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import type { Chain } from '../client/createChain.ts';

/**
 * The block in which an address got its code, by bisection: about log2(head) requests, one after the other.
 * @param head a block at which the code is there
 * @returns `undefined` where the node does not keep the state of old blocks
 */
export async function findCreationBlock(chain: Chain, address: Address, head: bigint): Promise<bigint | undefined> {
  let [without, withCode] = [-1n, head];
  try {
    while (withCode - without > 1n) {
      const middle = (without + withCode) / 2n;
      const code = await chain.attempt((rpc) => rpc.getCode({ address, blockNumber: middle }), 'code of an old block');
      if (code === undefined || code === '0x') without = middle;
      else withCode = middle;
    }
    return withCode;
  } catch (error) {
    if (isGleanerError(error) && (error.code === 'aborted' || error.code === 'chain-unreachable')) throw error;
    return undefined;
  }
}
