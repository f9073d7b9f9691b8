import type { Address, Details } from '@gleaner/primitives';
import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { type BlockTag, numberToHex, type TransactionReceipt } from 'viem';
import type { Chain } from '../client/createChain.ts';
import { findRevert } from '../reverts/decodeRevert.ts';
import { revertError } from '../reverts/translateRevert.ts';
import type { Call } from './call.ts';

/** Gas limit = simulated gas × 5/4: the state may differ a little when the transaction is mined. */
const HEADROOM_NUMERATOR = 5n;
const HEADROOM_DENOMINATOR = 4n;

/**
 * Runs the call without sending it.
 * @param states tried one after the other until the call does not revert
 * @returns gas limit to sign
 * @throws {GleanerError} chain-reverted, balance-too-low, … as the revert on the last of the states means
 */
export async function simulate(chain: Chain, from: Address, call: Call, states: readonly BlockTag[]): Promise<bigint> {
  const [state = 'latest', ...others] = states;
  try {
    return await estimate(chain, from, call, state);
  } catch (error) {
    if (others.length === 0 || !isRevert(error)) throw error;
    return await simulate(chain, from, call, others);
  }
}

function isRevert(error: unknown): boolean {
  return isGleanerError(error) && error.details['revert'] !== undefined;
}

async function estimate(chain: Chain, from: Address, call: Call, block: BlockTag): Promise<bigint> {
  const gas = await chain.attempt((rpc) => rpc.request({ method: 'eth_estimateGas', params: [rpcCall(from, call), block] }), call.name);
  return (BigInt(gas) * HEADROOM_NUMERATOR) / HEADROOM_DENOMINATOR;
}

/**
 * Why a mined transaction reverted: the call is run again on the state of its block, then on the one before.
 * Neither is exactly the state it met, so the reason may be missing.
 */
export async function explainReverted(chain: Chain, from: Address, call: Call, receipt: TransactionReceipt): Promise<GleanerError> {
  const details = { call: call.name, hash: receipt.transactionHash, gasUsed: receipt.gasUsed };
  for (const block of [receipt.blockNumber, receipt.blockNumber - 1n]) {
    const revert = await replay(chain, from, call, block);
    if (revert) return mined(revertError(revert, call.name), details);
  }
  return mined(revertError({ kind: 'empty' }, call.name), details);
}

async function replay(chain: Chain, from: Address, call: Call, block: bigint) {
  try {
    await chain.client.request({ method: 'eth_call', params: [rpcCall(from, call), numberToHex(block)] });
    return undefined;
  } catch (error) {
    return findRevert(error);
  }
}

function rpcCall(from: Address, { to, data, value = 0n }: Call) {
  return { from, to, data, value: numberToHex(value) };
}

function mined(error: GleanerError, details: Details): GleanerError {
  return new GleanerError(error.code, error.message, { details: { ...error.details, ...details, mined: true } });
}
