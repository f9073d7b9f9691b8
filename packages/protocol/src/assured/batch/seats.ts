import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { acceptanceThresholds, isEnough } from '../acceptance.ts';
import type { SeatDraw } from '../drawSeat.ts';
import { isSampled, samplingPoint } from '../sampling.ts';
import { epochOf } from '../schedule.ts';
import { operatorCapacity } from '../stake.ts';
import type { BatchState, OperatorAccount, Seat, Signer } from './BatchState.ts';
import { balance } from './ledger.ts';

export const operatorAt = ({ operators }: BatchState, operator: number): OperatorAccount => operators[operator] as OperatorAccount;

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

/** K of the seat: as it was judged, or as it is now. */
export function credibilityOf(state: BatchState, { operator, judgedWith }: Seat): number {
  if (state.terms.withoutHistory) return 0;
  return judgedWith ?? operatorAt(state, operator).credibility[state.terms.share];
}

/** Whether these seats are enough if they agree. After a conviction at least one of them must be fresh. */
export function wouldBeEnough(state: BatchState, seats: readonly Seat[]): boolean {
  if (state.sampled && seats.length < 2) return false;
  if (state.round > 1 && !seats.some(({ round }) => round === state.round)) return false;
  const credibility = seats.reduce((sum, seat) => sum + credibilityOf(state, seat), 0);
  const { trust, share } = state.terms;
  return isEnough(acceptanceThresholds(trust, share, state.passed), seats.length, credibility);
}

/** All roots that anybody has opened and not been convicted for: of all rounds, given up or not. */
export function openedRoots(state: BatchState): Set<Bytes32> {
  const opened = state.seats.filter(({ root, operator }) => root !== undefined && !isExpelled(state, operator));
  return new Set(opened.map(({ root }) => root as Bytes32));
}

/** Whether a root is known to all: from then on no seat is added to the round. */
export const isRootPublic = (state: BatchState): boolean => seatsOfRound(state).some(({ root }) => root !== undefined);

/** Seats of all rounds whose word for this root counts. */
export function signersOf(state: BatchState, root: Bytes32): Signer[] {
  return state.seats
    .filter((seat) => seat.root === root && !seat.givenUp && !isExpelled(state, seat.operator))
    .map((seat) => ({ round: seat.round, seat: seat.seat, operator: seat.operator, root, credibility: credibilityOf(state, seat) }));
}

/** Whether it has as many unopened seats as its bond holds seat bonds. */
export function isFull(state: BatchState, operator: number): boolean {
  const { seatBond } = state.terms;
  const open = unopenedSeats(state).filter((seat) => seat.operator === operator).length + operatorAt(state, operator).openElsewhere;
  return BigInt(open) >= operatorCapacity({ bond: balance(state.ledger, `bond:${operator}`), seatBond });
}

/**
 * Everything the draw of a seat of this round depends on.
 * @param seat number; seats of this round from it on do not count as seated
 */
export function drawOf(state: BatchState, seat: number, seedAt: UnixSeconds, seed: Bytes32): SeatDraw {
  const seated = new Set(state.seats.filter((one) => one.round < state.round || one.seat < seat).map(({ operator }) => operator));
  return {
    batchId: state.terms.batchId,
    round: state.round,
    seat,
    seed,
    weights: state.weights,
    epoch: epochOf(seedAt),
    isExcluded: (operator) => {
      const { expelledAt } = operatorAt(state, operator);
      return seated.has(operator) || (expelledAt !== undefined && expelledAt < seedAt);
    },
  };
}

/** Whether the seed gives the batch a second seat although one is enough. */
export function isBatchSampled({ terms, round }: BatchState, seed: Bytes32): boolean {
  return isSampled(samplingPoint(seed, terms.batchId, round), terms.samplingRate);
}
