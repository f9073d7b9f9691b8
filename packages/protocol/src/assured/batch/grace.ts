import type { UnixSeconds } from '@gleaner/primitives';
import { graceDeadline } from '../schedule.ts';
import type { BatchState } from './BatchState.ts';
import { isExpelled } from './seats.ts';

/** Every seat that is not opened, given up or not and of whatever round, has a day from then on; whoever has one already keeps it. */
export function startGrace(state: BatchState, from: UnixSeconds): BatchState {
  const until = graceDeadline(from);
  return {
    ...state,
    seats: state.seats.map((seat) =>
      seat.root === undefined && seat.graceUntil === undefined && !isExpelled(state, seat.operator) ? { ...seat, graceUntil: until } : seat,
    ),
  };
}
