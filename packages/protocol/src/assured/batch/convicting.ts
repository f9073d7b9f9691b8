import type { UnixSeconds } from '@gleaner/primitives';
import type { BatchState } from './BatchState.ts';
import { type Ledger, moveAll } from './ledger.ts';
import { vaultOf } from './paying.ts';
import { isExpelled } from './seats.ts';

/** Expelled for good: bond and unvested pay of this batch forfeited, credibility gone. */
export function convict(state: BatchState, operator: number, now: UnixSeconds): BatchState {
  if (isExpelled(state, operator)) return state;
  return expel({ ...state, ledger: moveAll(state.ledger, `bond:${operator}`, 'forfeited') }, operator, now);
}

/** The same without the bond, which another batch has taken. */
export function expel(state: BatchState, operator: number, now: UnixSeconds): BatchState {
  const operators = state.operators.map((account, index) =>
    index === operator ? { ...account, credibility: { standard: 0, high: 0 }, expelledAt: now } : account,
  );
  const vaults = state.seats.filter((seat) => seat.operator === operator).map(vaultOf);
  const ledger = vaults.reduce<Ledger>((moved, vault) => moveAll(moved, vault, 'forfeited'), state.ledger);
  return { ...state, operators, ledger };
}
