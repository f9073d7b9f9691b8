import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { moveFree } from './escrow.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { allowanceOf, type MarketState, withEntries } from './MarketState.ts';
import { demand } from './refuse.ts';

/** The spender may move this much of the owner's free balance, whatever it was before. */
export function setAllowance(state: MarketState, owner: Address, spender: Address, value: bigint): Applied {
  demand(spender !== ZERO_ADDRESS, 'ERC20: approve to the zero address');
  const ofOwner = withEntries(state.allowances.get(owner) ?? new Map(), [[spender, value]]);
  return {
    state: { ...state, allowances: withEntries(state.allowances, [[owner, ofOwner]]) },
    events: [{ name: 'Approval', args: { owner, spender, value } }],
  };
}

/** Refuses without a reason to go below zero; the largest allowance goes down like any other. */
export function lowerAllowance(state: MarketState, owner: Address, spender: Address, value: bigint): Applied {
  const allowed = allowanceOf(state, owner, spender);
  demand(value <= allowed);
  return setAllowance(state, owner, spender, allowed - value);
}

/** The balance is looked at before the allowance. */
export function transferFrom(state: MarketState, { caller, from, to, amount }: CallNamed<'transferFrom'>): Applied {
  demand(from !== ZERO_ADDRESS, 'ERC20: transfer from the zero address');
  const moved = moveFree(state, from, to, amount);
  const lowered = lowerAllowance(moved.state, from, caller, amount);
  return { state: lowered.state, events: [...moved.events, ...lowered.events] };
}
