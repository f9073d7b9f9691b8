import { openingDeadline } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { convict } from './convicting.ts';
import { seedAfter } from './deadlines.ts';
import { closeUnsampled } from './opening.ts';
import { payConvictionStep, payStep } from './paying.ts';
import { findSeat, isExpelled, isRootPublic, liveSeats } from './seats.ts';

/** Before any root is known, seats that are not ready are given up and the next one is drawn. They must open all the same. */
export function applyReplaceUnready(before: BatchState, { ready, seed, carrier, now }: EventNamed<'replaceUnready'>): BatchState {
  const state = closeUnsampled(before, now, seed);
  const { phase, terms } = state;
  demand(phase.kind === 'opening' && !phase.isLate, 'wrong-phase');
  demand(now >= openingDeadline(phase.closedAt, terms.timeref), 'too-early');
  demand(!isRootPublic(state), 'roots-public');
  const unready = liveSeats(state).filter(({ seat }) => !ready.includes(seat));
  demand(unready.length > 0, 'all-ready');
  const seats = state.seats.map((seat) => (unready.includes(seat) ? { ...seat, givenUp: true } : seat));
  const ledger = payStep(state, state.ledger, carrier);
  return { ...state, seats, ledger, phase: { kind: 'drawing', seedAt: seedAfter(state, now) } };
}

/** Not opening must not be cheaper than having been wrong. */
export function applyConvictUnopened(state: BatchState, { round, seat, carrier, now }: EventNamed<'convictUnopened'>): BatchState {
  const late = findSeat(state, round, seat);
  demand(late !== undefined, 'no-such-seat');
  demand(late.root === undefined, 'opened-already');
  demand(late.graceUntil !== undefined && now >= late.graceUntil, 'too-early');
  demand(!isExpelled(state, late.operator), 'expelled');
  const convicted = convict(state, late.operator, now);
  return { ...convicted, ledger: payConvictionStep(convicted, convicted.ledger, carrier) };
}
