import type { UnixSeconds } from '@gleaner/primitives';
import { larger } from '../../uint256.ts';
import { attemptAt, openingDeadline } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { deadlineOf } from './deadlines.ts';
import { passedAfter } from './evidence.ts';
import { startGrace } from './grace.ts';
import { payStep } from './paying.ts';
import { isExpelled, isRootPublic, seatsOfRound } from './seats.ts';
import { settleRoots } from './settleRoots.ts';
import { endVoid } from './voiding.ts';

/** The final deadline is over: whoever has committed must open and be judged. Without a commitment there is nothing to judge. */
export function applyCloseLate(state: BatchState, { carrier, now }: EventNamed<'closeLate'>): BatchState {
  const { phase } = state;
  const isStuck = phase.kind === 'opening' && !phase.isLate && !isRootPublic(state);
  demand(phase.kind === 'drawing' || phase.kind === 'sampling' || isStuck, 'wrong-phase');
  const ready = phase.kind === 'opening' ? openingDeadline(phase.closedAt, state.terms.timeref) : deadlineOf(state);
  demand(now >= larger(deadlineOf(state), ready), 'too-early');
  const paid = { ...state, ledger: payStep(state, state.ledger, carrier) };
  if (state.seats.every(({ operator }) => isExpelled(state, operator))) return endVoid(paid);
  const closed: BatchState = {
    ...startGrace(paid, openingDeadline(now, state.terms.timeref)),
    passed:
      phase.kind === 'opening'
        ? state.passed
        : passedAfter(state, seatsOfRound(state).length + 1, attemptsUntilDeadline(state, phase.seedAt)),
    // A sample that was asked for, or whose seed is lost, has not been taken.
    sampled: state.sampled || phase.kind === 'sampling',
    phase: { kind: 'opening', closedAt: now, isLate: true },
  };
  return settleRoots(closed, now);
}

/** Attempts of the seat that nobody took. */
function attemptsUntilDeadline(state: BatchState, seedAt: UnixSeconds): number {
  const last = attemptAt(seedAt, state.terms.timeref, deadlineOf(state));
  return last === undefined ? 0 : last + 1;
}
