import type { Address } from '@gleaner/primitives';
import { isGleanerError } from '@gleaner/primitives';
import { GROUPMEMBER_PURPOSE } from '@gleaner/protocol';
import { pad, parseAbi } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { blockOf, type ReadOptions } from './ReadOptions.ts';

const groupAbi = parseAbi(['function keyHasPurpose(bytes32 key, uint256 purpose) view returns (bool)']);

/** Whether an ERC-734 group counts the account among its members; an address that does not answer has none. */
export async function isGroupMember(chain: Chain, group: Address, member: Address, options: ReadOptions = {}): Promise<boolean> {
  try {
    return await chain.attempt(
      (rpc) =>
        rpc.readContract({
          address: group,
          abi: groupAbi,
          functionName: 'keyHasPurpose',
          args: [pad(member), GROUPMEMBER_PURPOSE],
          ...blockOf(options),
        }),
      'keyHasPurpose',
    );
  } catch (error) {
    if (isGleanerError(error) && error.code === 'chain-reverted') return false;
    throw error;
  }
}
