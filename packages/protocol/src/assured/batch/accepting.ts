import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { addCredibility, creditOfSeat } from '../credibility.ts';
import type { AcceptanceRecord, BatchState, OperatorAccount, Seat } from './BatchState.ts';
import { credibilityOf, signersOf } from './evidence.ts';
import { balance, type Ledger, move, moveAll } from './ledger.ts';
import { fillVaults } from './paying.ts';
import { isExpelled } from './seats.ts';

/** The result counts: pay of seats, app and data set vests, and the unused part of the lock returns. */
export function accept(before: BatchState, root: Bytes32, now: UnixSeconds, by: AcceptanceRecord['by']): BatchState {
  const state = rememberCredibility(before);
  const signers = signersOf(state, root);
  const record: AcceptanceRecord = { root, at: now, signers, passed: state.passed, by };
  const filled = fillVaults(state, signers);
  const mayGain = by === 'seats' && state.round === 1 && state.disputes === 0;
  return {
    ...filled,
    ledger: returnUnused(filled),
    operators: mayGain ? credited(filled, signers) : filled.operators,
    phase: { kind: 'accepted', record },
  };
}

/** K of the signers stays what it was, also when the batch is judged again. */
function rememberCredibility(state: BatchState): BatchState {
  const judged = (seat: Seat): Seat => ({ ...seat, judgedWith: credibilityOf(state, seat) });
  return {
    ...state,
    seats: state.seats.map((seat) => (seat.root === undefined || isExpelled(state, seat.operator) ? seat : judged(seat))),
  };
}

/** What convicted operators paid for goes back to be divided, the sponsor's part to the sponsor; the fee of `release` is kept. */
function returnUnused({ ledger, terms }: BatchState): Ledger {
  const prices = moveAll(moveAll(ledger, 'app price', 'vault:app'), 'dataset price', 'vault:dataset');
  const seats = moveAll(moveAll(moveAll(prices, 'lock', 'sponsor'), 'rerun', 'forfeited'), 'penalties', 'burned');
  const fees = balance(seats, 'fees');
  return fees > terms.stepFee ? move(seats, 'fees', 'sponsor', fees - terms.stepFee) : seats;
}

/** Once per batch, in both counters; only where somebody else could have differed. */
function credited({ operators }: BatchState, signers: AcceptanceRecord['signers']): OperatorAccount[] {
  const seatOf = new Map(signers.map(({ operator, seat }) => [operator, seat]));
  const gained = (account: OperatorAccount, seat: number): OperatorAccount => ({
    ...account,
    credibility: {
      standard: addCredibility(account.credibility.standard, creditOfSeat('standard', signers.length, seat)),
      high: addCredibility(account.credibility.high, creditOfSeat('high', signers.length, seat)),
    },
  });
  return operators.map((account, operator) => {
    const seat = seatOf.get(operator);
    return seat === undefined ? account : gained(account, seat);
  });
}
