import { tokenAbi } from '@gleaner/abi';
import type { Address } from '@gleaner/primitives';
import { applyCall, encodeRevert, type MarketCall, type MarketState } from '@gleaner/protocol';
import { encodeFunctionData, maxUint256 } from 'viem';
import { encodeCall } from './encodeCall.ts';
import type { HistoryWorld } from './HistoryWorld.ts';
import type { Ending, Step } from './packHistory.ts';
import { SYSTEM } from './parties.ts';
import { viewsAfter } from './View.ts';

/** A step, and the twin's call behind it; none for what only the chain needs. */
export interface PlayedStep extends Step {
  readonly made?: MarketCall;
}

/** Applies a call to the world and gives the steps that the chain must take for it. */
export async function playCall(world: HistoryWorld, call: MarketCall): Promise<readonly PlayedStep[]> {
  const { to, data, orders } = await encodeCall(call);
  const outcome = applyCall(world.state, call);
  world.state = outcome.state ?? world.state;
  const views = viewsAfter(call, orders, world.state);
  const step = { made: call, now: call.now, from: call.caller, call: { to, data }, ending: endingOf(call, outcome.revert), views };
  const played = { ...step, state: world.state };
  const spent = call.name === 'depositAndMatch' && outcome.revert === undefined;
  return spent ? [played, approve(call.caller, world)] : [played];
}

type Refusal = ReturnType<typeof applyCall>['revert'];

/** Registries and tokens refuse in words of their own. */
function endingOf({ name }: MarketCall, revert: Refusal): Ending {
  if (revert === undefined) return { kind: 'done' };
  const data = name === 'transferAsset' ? undefined : encodeRevert(revert);
  return data === undefined ? { kind: 'refused somehow' } : { kind: 'refused', data };
}

const approval = {
  to: SYSTEM.token,
  data: encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [SYSTEM.hub, maxUint256] }),
};

/** The twin's hub may always pull tokens; on the chain `approveAndCall` uses that up. */
export function approve(from: Address, { now, state }: { readonly now: bigint; readonly state: MarketState }): PlayedStep {
  return { now, from, call: approval, ending: { kind: 'done' }, views: [], state };
}
