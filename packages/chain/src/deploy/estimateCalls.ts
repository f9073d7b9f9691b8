import { type Address, GleanerError, type Hex, isGleanerError } from '@gleaner/primitives';
import { numberToHex } from 'viem';
import type { Chain } from '../client/createChain.ts';
import type { Call } from '../sender/call.ts';
import { CREATE2_FACTORY } from './create2.ts';
import { FACTORY_CODE } from './factory.ts';

/** 2^96 wei: more than any step costs, so that the balance of the account does not matter. */
const ENOUGH_WEI: Hex = numberToHex(1n << 96n);

interface SimulatedCall {
  readonly status: Hex;
  readonly gasUsed: Hex;
  readonly error?: { readonly message: string };
}

/**
 * Gas that each of the calls would use, one after the other on the present state, each in a block of its own; nothing is sent.
 * @returns `undefined` where the node lacks eth_simulateV1: later calls need what earlier ones create, so they cannot be estimated alone
 * @throws {GleanerError} chain-reverted naming the call that would fail
 */
export async function estimateCalls(chain: Chain, from: Address, calls: readonly Call[]): Promise<readonly bigint[] | undefined> {
  if (calls.length === 0) return [];
  const prepared = { [from]: { balance: ENOUGH_WEI }, [CREATE2_FACTORY]: { code: FACTORY_CODE } };
  const blockStateCalls = calls.map(({ to, data, value = 0n }, i) => ({
    ...(i === 0 && { stateOverrides: prepared }),
    calls: [{ from, to, input: data, value: numberToHex(value) }],
  }));
  const blocks = await simulate(chain, blockStateCalls);
  return blocks?.map(({ calls: [result] }, i) => gasOf(result, calls[i]));
}

async function simulate(
  chain: Chain,
  blockStateCalls: readonly unknown[],
): Promise<readonly { readonly calls: readonly SimulatedCall[] }[] | undefined> {
  const request = { method: 'eth_simulateV1', params: [{ blockStateCalls, validation: false }, 'latest'] };
  try {
    return (await chain.attempt((rpc) => rpc.request(request as never), 'eth_simulateV1')) as never;
  } catch (error) {
    if (isGleanerError(error) && /method|not (found|supported|allowed|available)/i.test(error.message)) return undefined;
    throw error;
  }
}

function gasOf(result: SimulatedCall | undefined, call: Call | undefined): bigint {
  if (result?.status === '0x1') return BigInt(result.gasUsed);
  throw new GleanerError('chain-reverted', `${call?.name} would fail: ${result?.error?.message ?? 'without a reason'}`, {
    details: { call: call?.name ?? '', to: call?.to ?? '' },
  });
}
