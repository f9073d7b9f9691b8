import type { UnixSeconds } from '@gleaner/primitives';
import { smaller } from '../../uint256.ts';
import type { BatchState } from './BatchState.ts';
import { seedAfter } from './deadlines.ts';
import { credibilityOf } from './evidence.ts';
import { balance, move } from './ledger.ts';
import { canPaySeats } from './paying.ts';
import { endVoid } from './voiding.ts';

/**
 * The batch is checked again by at least one fresh seat: at the cost of those convicted, as far as that reaches, then of what the lock
 * still holds. A round starts only when one fresh seat is paid for; otherwise the batch is void.
 */
export function nextRound(state: BatchState, now: UnixSeconds): BatchState {
  const { pay, maxSeats } = state.rules;
  const reserved = smaller(balance(state.ledger, 'forfeited'), pay * BigInt(maxSeats));
  const funded = { ...state, ledger: move(state.ledger, 'forfeited', 'rerun', reserved) };
  if (!canPaySeats(funded, 1)) return endVoid(funded);
  return {
    ...funded,
    seats: funded.seats.map((seat) => (seat.root === undefined ? seat : { ...seat, judgedWith: credibilityOf(funded, seat) })),
    round: state.round + 1,
    roundStart: now,
    sampled: false,
    phase: { kind: 'drawing', seedAt: seedAfter(state, now) },
  };
}
