import { assertNever } from '@gleaner/primitives';
import { taskId } from '../../ids.ts';
import { panicRevert } from '../../revert.ts';
import { checkedAdd, SolidityPanic } from '../../uint256.ts';
import { applyAdministration } from './administration.ts';
import { lowerAllowance, setAllowance, transferFrom } from './allowances.ts';
import { applyContribute, applyInitialize, applyReopen, applyReveal } from './contributing.ts';
import { applyClaim, applyContributeAndFinalize, applyFinalize } from './ending.ts';
import { depositTo, transferFree, withdrawTo } from './escrow.ts';
import type { Applied, CallNamed, CallOutcome, MarketCall } from './MarketCall.ts';
import { allowanceOf, type MarketState } from './MarketState.ts';
import { applyManageOrder } from './manageOrder.ts';
import { applyDepositAndMatch, applyMatchOrders, applySponsorMatchOrders } from './matching.ts';
import { CallRefused, demand } from './refuse.ts';

/**
 * The classic market as a function: what one transaction does to it, which events the hub logs, or how it reverts.
 * The state given is never changed. Not modelled: gas (so neither callbacks nor the `Panic(1)` after them),
 * allowances of the token (the hub may always pull), contracts as signers,
 * and the widths of words that only absurd values reach (stakes of 2^96 nRLC, stake ratios of 2^240).
 */
export function applyCall(state: MarketState, call: MarketCall): CallOutcome {
  try {
    return run(state, call);
  } catch (error) {
    if (error instanceof CallRefused) return { revert: error.revert };
    if (error instanceof SolidityPanic) return { revert: panicRevert(error.panic) };
    throw error;
  }
}

function run(state: MarketState, call: MarketCall): Applied {
  switch (call.name) {
    case 'deposit':
      return depositTo(state, call.caller, call.caller, call.amount);
    case 'depositFor':
      return depositTo(state, call.caller, call.target, call.amount);
    case 'withdraw':
      return withdrawTo(state, call.caller, call.caller, call.amount);
    case 'withdrawTo':
      return withdrawTo(state, call.caller, call.target, call.amount);
    case 'transfer':
      return transferFree(state, call);
    case 'transferFrom':
      return transferFrom(state, call);
    case 'approve':
      return setAllowance(state, call.caller, call.spender, call.amount);
    case 'increaseAllowance':
      return setAllowance(state, call.caller, call.spender, checkedAdd(allowanceOf(state, call.caller, call.spender), call.amount));
    case 'decreaseAllowance':
      return lowerAllowance(state, call.caller, call.spender, call.amount);
    case 'matchOrders':
      return applyMatchOrders(state, call);
    case 'sponsorMatchOrders':
      return applySponsorMatchOrders(state, call);
    case 'depositAndMatch':
      return applyDepositAndMatch(state, call);
    case 'manageOrder':
      return applyManageOrder(state, call);
    case 'initialize':
    case 'initializeArray':
    case 'initializeAndClaimArray':
      return runInitialize(state, call);
    case 'contribute':
      return applyContribute(state, call);
    case 'reveal':
      return applyReveal(state, call);
    case 'reopen':
      return applyReopen(state, call);
    case 'claim':
      return applyClaim(state, call);
    case 'claimArray':
      return inTurn(state, call.taskIds, (current, id) => applyClaim(current, { taskId: id, now: call.now }));
    case 'finalize':
      return applyFinalize(state, call);
    case 'contributeAndFinalize':
      return applyContributeAndFinalize(state, call);
    case 'createCategory':
    case 'setTeeBroker':
    case 'createAsset':
    case 'transferAsset':
    case 'changePolicy':
      return applyAdministration(state, call);
    default:
      return assertNever(call);
  }
}

function runInitialize(state: MarketState, call: CallNamed<'initialize' | 'initializeArray' | 'initializeAndClaimArray'>): Applied {
  if (call.name === 'initialize') return applyInitialize(state, call);
  demand(call.dealIds.length === call.indexes.length);
  const targets = call.dealIds.map((dealId, at) => ({ dealId, index: call.indexes[at] ?? 0n }));
  return inTurn(state, targets, (current, target) => {
    const initialized = applyInitialize(current, target);
    if (call.name === 'initializeArray') return initialized;
    const claimed = applyClaim(initialized.state, { taskId: taskId(target.dealId, target.index), now: call.now });
    return { state: claimed.state, events: [...initialized.events, ...claimed.events] };
  });
}

/** One after the other; the first refusal refuses all. */
function inTurn<T>(state: MarketState, items: readonly T[], apply: (current: MarketState, item: T) => Applied): Applied {
  return items.reduce<Applied>(
    (done, item) => {
      const next = apply(done.state, item);
      return { state: next.state, events: [...done.events, ...next.events] };
    },
    { state, events: [] },
  );
}
