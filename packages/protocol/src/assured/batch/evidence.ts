import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { acceptanceThresholds, isEnough, MAX_PASSED } from '../acceptance.ts';
import type { BatchPhase, BatchState, Seat, Signer } from './BatchState.ts';
import { seedAfter } from './deadlines.ts';
import { earlierSeats, isExpelled, liveSeats, operatorAt } from './seats.ts';

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

/** Passed attempts of a seat count where something is at stake: not for the very first one. */
export function passedAfter({ round, passed }: BatchState, seat: number, attempts: number): number {
  return round === 1 && seat === 1 ? passed : Math.min(passed + attempts, MAX_PASSED);
}

/** Enough if unanimous? One alone may be sampled; more close the set. */
export function phaseAfterSeat(state: BatchState, now: UnixSeconds): BatchPhase {
  const seats = [...earlierSeats(state), ...liveSeats(state)];
  if (!wouldBeEnough(state, seats)) return { kind: 'drawing', seedAt: seedAfter(state, now) };
  return seats.length === 1 ? { kind: 'sampling', seedAt: seedAfter(state, now) } : { kind: 'opening', closedAt: now, isLate: false };
}

/** Seats of all rounds whose word for this root counts. */
export function signersOf(state: BatchState, root: Bytes32): Signer[] {
  return state.seats
    .filter((seat) => seat.root === root && !seat.givenUp && !isExpelled(state, seat.operator))
    .map((seat) => ({ round: seat.round, seat: seat.seat, operator: seat.operator, root, credibility: credibilityOf(state, seat) }));
}
