import { type Address, ZERO_ADDRESS } from '@gleaner/primitives';
import { type HubEvent, locked, type MoneyEvent, transferred } from '../../hubEvents.ts';
import { checkedAdd, checkedSub } from '../../uint256.ts';
import type { Applied, CallNamed } from './MarketCall.ts';
import { type Account, accountOf, type MarketState, tokensOf, withEntries } from './MarketState.ts';
import { demand, refuse } from './refuse.ts';

/** State after the money events among these: the escrow is nothing but the sum of its log. */
export function applyMoney(state: MarketState, events: readonly HubEvent[]): MarketState {
  return events.reduce(applyMoneyEvent, state);
}

function applyMoneyEvent(state: MarketState, event: HubEvent): MarketState {
  switch (event.name) {
    case 'Transfer':
      return move(state, event.args);
    case 'Lock':
      return changeLocked(state, event.args.owner, (amount) => checkedAdd(amount, event.args.amount));
    case 'Unlock':
    case 'Seize':
      return changeLocked(state, event.args.owner, (amount) => checkedSub(amount, event.args.amount));
    default:
      return state;
  }
}

function move(state: MarketState, { from, to, value }: Extract<MoneyEvent, { name: 'Transfer' }>['args']): MarketState {
  const taken = from === ZERO_ADDRESS ? mint(state, value) : changeFree(state, from, (stake) => checkedSub(stake, value));
  return to === ZERO_ADDRESS ? burn(taken, value) : changeFree(taken, to, (stake) => checkedAdd(stake, value));
}

const mint = (state: MarketState, value: bigint): MarketState => ({ ...state, totalSupply: checkedAdd(state.totalSupply, value) });
const burn = (state: MarketState, value: bigint): MarketState => ({ ...state, totalSupply: checkedSub(state.totalSupply, value) });

function changeAccount(state: MarketState, owner: Address, change: (account: Account) => Account): MarketState {
  return { ...state, accounts: withEntries(state.accounts, [[owner, change(accountOf(state, owner))]]) };
}

const changeFree = (state: MarketState, owner: Address, change: (stake: bigint) => bigint): MarketState =>
  changeAccount(state, owner, (account) => ({ ...account, stake: change(account.stake) }));
const changeLocked = (state: MarketState, owner: Address, change: (amount: bigint) => bigint): MarketState =>
  changeAccount(state, owner, (account) => ({ ...account, locked: change(account.locked) }));

/** Applies the money of the events and gives them back beside the new state. */
function withMoney(state: MarketState, events: readonly HubEvent[]): Applied {
  return { state: applyMoney(state, events), events };
}

/** Sets free balance aside, with the words of the escrow when it cannot. */
export function lockFunds(state: MarketState, owner: Address, amount: bigint): Applied {
  demand(owner !== ZERO_ADDRESS, 'IexecEscrow: Transfer from empty address');
  demand(accountOf(state, owner).stake >= amount, 'IexecEscrow: Transfer amount exceeds balance');
  return withMoney(state, locked(state.hub, owner, amount));
}

/** Tokens of the payer go to the hub, the target gets as much escrow. */
export function depositTo(state: MarketState, payer: Address, target: Address, amount: bigint): Applied {
  const pulled = moveTokens(state, payer, state.hub, amount);
  demand(target !== ZERO_ADDRESS, 'ERC20: mint to the zero address');
  demand(target !== state.hub, 'ERC20: mint to the hub');
  return withMoney(pulled, [transferred(ZERO_ADDRESS, target, amount)]);
}

export function withdrawTo(state: MarketState, owner: Address, target: Address, amount: bigint): Applied {
  demand(target !== state.hub, 'ERC20: transfer to the hub');
  demand(accountOf(state, owner).stake >= amount);
  const burned = withMoney(state, [transferred(owner, ZERO_ADDRESS, amount)]);
  return { ...burned, state: moveTokens(burned.state, state.hub, target, amount) };
}

/** The token refuses in its own words when the balance is too low or the receiver is nobody. */
function moveTokens(state: MarketState, from: Address, to: Address, amount: bigint): MarketState {
  if (tokensOf(state, from) < amount || to === ZERO_ADDRESS) refuse({ kind: 'foreign', contract: state.token });
  const taken = { ...state, tokens: withEntries(state.tokens, [[from, tokensOf(state, from) - amount]]) };
  return { ...taken, tokens: withEntries(taken.tokens, [[to, tokensOf(taken, to) + amount]]) };
}

export function transferFree(state: MarketState, { caller, to, amount }: CallNamed<'transfer'>): Applied {
  return moveFree(state, caller, to, amount);
}

/** Free balance changes hands. */
export function moveFree(state: MarketState, from: Address, to: Address, amount: bigint): Applied {
  demand(to !== ZERO_ADDRESS, 'ERC20: transfer to the zero address');
  demand(to !== state.hub, 'ERC20: transfer to the hub');
  demand(accountOf(state, from).stake >= amount);
  return withMoney(state, [transferred(from, to, amount)]);
}
