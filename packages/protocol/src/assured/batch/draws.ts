import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import type { SeatDraw } from '../drawSeat.ts';
import { isSampled, samplingPoint } from '../sampling.ts';
import { epochOf } from '../schedule.ts';
import type { BatchState } from './BatchState.ts';
import { operatorAt } from './seats.ts';

/**
 * Everything the draw of a seat of this round depends on.
 * @param seat number; seats of this round from it on do not count as seated
 */
export function drawOf(state: BatchState, seat: number, seedAt: UnixSeconds, seed: Bytes32): SeatDraw {
  const seated = new Set(state.seats.filter((one) => one.round < state.round || one.seat < seat).map(({ operator }) => operator));
  const isBefore = (time: UnixSeconds | undefined): boolean => time !== undefined && time < seedAt;
  return {
    batchId: state.terms.batchId,
    round: state.round,
    seat,
    seed,
    weights: state.weights,
    epoch: epochOf(seedAt),
    isExcluded: (operator) => {
      const { expelledAt, outAt } = operatorAt(state, operator);
      return seated.has(operator) || isBefore(expelledAt) || isBefore(outAt);
    },
  };
}

/** Whether the seed gives the batch a second seat although one is enough. */
export function isBatchSampled({ terms, round }: BatchState, seed: Bytes32): boolean {
  return isSampled(samplingPoint(seed, terms.batchId, round), terms.samplingRate);
}
