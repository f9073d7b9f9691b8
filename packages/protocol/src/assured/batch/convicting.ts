import type { UnixSeconds } from '@gleaner/primitives';
import type { BatchState } from './BatchState.ts';
import { type Ledger, moveAll, type Pot } from './ledger.ts';
import { isExpelled } from './seats.ts';

export const vaultOf = ({ round, seat }: { readonly round: number; readonly seat: number }): Pot => `vault:${round}:${seat}`;

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
  const ledger = vaultsOf(state, operator).reduce<Ledger>((moved, vault) => moveAll(moved, vault, 'forfeited'), state.ledger);
  return { ...state, operators, ledger };
}

function vaultsOf(state: BatchState, operator: number): Pot[] {
  const here = state.seats.flatMap((seat, number) => (seat.operator === operator ? [vaultOf({ round: state.round, seat: number })] : []));
  return [...here, ...state.earlier.filter((signer) => signer.operator === operator).map(vaultOf)];
}
