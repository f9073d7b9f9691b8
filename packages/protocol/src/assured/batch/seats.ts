import { type Bytes32, invariant } from '@gleaner/primitives';
import type { BatchState, OperatorAccount, Seat } from './BatchState.ts';

export function operatorAt({ operators }: BatchState, operator: number): OperatorAccount {
  const account = operators[operator];
  invariant(account !== undefined, 'Every operator with a weight has an account', { operator, accounts: operators.length });
  return account;
}

export const isExpelled = (state: BatchState, operator: number): boolean => operatorAt(state, operator).expelledAt !== undefined;

export const seatName = ({ round, seat }: { readonly round: number; readonly seat: number }): string => `${round}:${seat}`;

export const findSeat = ({ seats }: BatchState, round: number, seat: number): Seat | undefined =>
  seats.find((one) => one.round === round && one.seat === seat);

/** Seats of the running round, whatever has become of them. */
export const seatsOfRound = ({ seats, round }: BatchState): Seat[] => seats.filter((seat) => seat.round === round);

/** Seats of the running round whose votes count: neither given up nor of an expelled operator. */
export const liveSeats = (state: BatchState): Seat[] =>
  seatsOfRound(state).filter(({ givenUp, operator }) => !givenUp && !isExpelled(state, operator));

/** Seats of earlier rounds that opened and whose operators have not been convicted since. */
export const earlierSeats = (state: BatchState): Seat[] =>
  state.seats.filter(
    ({ round, givenUp, operator, root }) => round < state.round && !givenUp && root !== undefined && !isExpelled(state, operator),
  );

/** Seats, of all rounds, that nobody has opened and for which nobody has been convicted. */
export const unopenedSeats = (state: BatchState): Seat[] =>
  state.seats.filter(({ root, operator }) => root === undefined && !isExpelled(state, operator));

/** All roots that anybody has opened and not been convicted for: of all rounds, given up or not. */
export function openedRoots(state: BatchState): Set<Bytes32> {
  const opened = state.seats.filter(({ root, operator }) => root !== undefined && !isExpelled(state, operator));
  return new Set(opened.map(({ root }) => root as Bytes32));
}

/** Whether a root is known to all: from then on no seat is added to the round. */
export const isRootPublic = (state: BatchState): boolean => seatsOfRound(state).some(({ root }) => root !== undefined);
