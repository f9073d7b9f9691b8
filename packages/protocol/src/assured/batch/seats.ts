import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { isEnough } from '../acceptance.ts';
import type { SeatDraw } from '../drawSeat.ts';
import { isSampled, samplingPoint } from '../sampling.ts';
import { epochOf } from '../schedule.ts';
import type { BatchState, OperatorAccount, Seat, Signer } from './BatchState.ts';

export interface NumberedSeat extends Seat {
  readonly seat: number;
}

export const operatorAt = ({ operators }: BatchState, operator: number): OperatorAccount => operators[operator] as OperatorAccount;

export const isExpelled = (state: BatchState, operator: number): boolean => operatorAt(state, operator).expelledAt !== undefined;

/** Seats of this round whose votes count: neither replaced nor of an expelled operator. */
export function liveSeats(state: BatchState): NumberedSeat[] {
  return state.seats
    .map((seat, number) => ({ ...seat, seat: number }))
    .filter(({ graceUntil, operator }) => graceUntil === undefined && !isExpelled(state, operator));
}

/** Whether these seats are enough if they agree, with the credibility their operators have now. */
export function wouldBeEnough(state: BatchState, seats: readonly Seat[]): boolean {
  if (state.sampled && seats.length < 2) return false;
  const credibility = seats.reduce((sum, { operator }) => sum + operatorAt(state, operator).credibility[state.terms.share], 0);
  return isEnough(state.rules.thresholds, seats.length, credibility);
}

/** All roots that anybody has opened and not been convicted for: of this round, replaced seats included, and of earlier ones. */
export function openedRoots(state: BatchState): Set<Bytes32> {
  const opened = state.seats.filter(({ root, operator }) => root !== undefined && !isExpelled(state, operator));
  const before = state.earlier.filter(({ operator }) => !isExpelled(state, operator));
  return new Set([...opened, ...before].map(({ root }) => root as Bytes32));
}

/** Signers of the round for this root, with what their word counts now. */
export function signersOf(state: BatchState, root: Bytes32): Signer[] {
  return liveSeats(state)
    .filter((seat) => seat.root === root)
    .map(({ seat, operator }) => ({
      round: state.round,
      seat,
      operator,
      root,
      credibility: operatorAt(state, operator).credibility[state.terms.share],
    }));
}

/**
 * Everything the draw of a seat depends on.
 * @param seat number; seats of this round from it on do not count as seated
 */
export function drawOf(state: BatchState, seat: number, seedAt: UnixSeconds, seed: Bytes32): SeatDraw {
  const seatedSince = new Set(state.seats.slice(seat).map(({ operator }) => operator));
  return {
    batchId: state.terms.batchId,
    round: state.round,
    seat,
    seed,
    weights: state.weights,
    epoch: epochOf(seedAt),
    isExcluded: (operator) => {
      const { expelledAt } = operatorAt(state, operator);
      return (state.seen.has(operator) && !seatedSince.has(operator)) || (expelledAt !== undefined && expelledAt <= seedAt);
    },
  };
}

/** Whether the seed gives the batch a second seat although one is enough. */
export function isBatchSampled({ terms, round }: BatchState, seed: Bytes32): boolean {
  return isSampled(samplingPoint(seed, terms.batchId, round), terms.samplingRate);
}
