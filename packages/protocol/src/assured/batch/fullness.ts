import type { UnixSeconds } from '@gleaner/primitives';
import { operatorCapacity } from '../bond.ts';
import type { BatchState, OperatorAccount } from './BatchState.ts';
import { balance } from './ledger.ts';
import { operatorAt, unopenedSeats } from './seats.ts';

/** Whether it has as many unopened seats as its bond holds seat bonds. */
export function isFull(state: BatchState, operator: number): boolean {
  return fills(state, operator, unopenedSeats(state).filter((seat) => seat.operator === operator).length);
}

function fills(state: BatchState, operator: number, openHere: number): boolean {
  const capacity = operatorCapacity({ bond: balance(state.ledger, `bond:${operator}`), seatBond: state.terms.seatBond });
  return BigInt(openHere + operatorAt(state, operator).openElsewhere) >= capacity;
}

/** Keeps since when operators are full, or until when they were; the time is that of the state. */
export function noteFullness(state: BatchState): BatchState {
  const open = new Map<number, number>();
  for (const { operator } of unopenedSeats(state)) open.set(operator, (open.get(operator) ?? 0) + 1);
  const operators = state.operators.map((account, operator) => noted(account, fills(state, operator, open.get(operator) ?? 0), state.at));
  return operators.some((account, operator) => account !== state.operators[operator]) ? { ...state, operators } : state;
}

function noted(account: OperatorAccount, full: boolean, at: UnixSeconds): OperatorAccount {
  const { fullSince, fullUntil, ...rest } = account;
  const wasFull = fullSince !== undefined && fullUntil === undefined;
  if (full === wasFull) return account;
  return full ? { ...rest, fullSince: at } : { ...account, fullUntil: at };
}

/** Whether it was full at any time of this span. Only the last time that it was full is known: who was passed while full reports it before it fills up again. */
export function wasFull({ fullSince, fullUntil }: OperatorAccount, from: UnixSeconds, until: UnixSeconds): boolean {
  return fullSince !== undefined && fullSince < until && (fullUntil === undefined || fullUntil > from);
}
