import { drawSeat } from '../drawSeat.ts';
import { attemptAt } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { deadlineOf } from './deadlines.ts';
import { drawOf, isBatchSampled } from './draws.ts';
import { passedAfter, phaseAfterSeat } from './evidence.ts';
import { isFull } from './fullness.ts';
import { canPaySeats, payStep } from './paying.ts';
import { isExpelled, operatorAt, seatsOfRound } from './seats.ts';

/** The operator of the running attempt, and nobody else, takes the next seat. */
export function applyCommit(state: BatchState, { operator, seal, seed, carrier, now }: EventNamed<'commit'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'drawing' || phase.kind === 'sampling', 'wrong-phase');
  demand(now < deadlineOf(state), 'too-late');
  const attempt = attemptAt(phase.seedAt, state.terms.timeref, now);
  demand(attempt !== undefined, 'too-early');
  demand(phase.kind === 'drawing' || isBatchSampled(state, seed), 'set-closed');
  const seat = seatsOfRound(state).length + 1;
  demand(drawSeat(drawOf(state, seat, phase.seedAt, seed), attempt)?.operator === operator, 'not-drawn');
  const account = operatorAt(state, operator);
  demand(!isExpelled(state, operator), 'expelled');
  demand(account.outAt === undefined, 'out');
  demand(!isFull(state, operator), 'full');
  demand(canPaySeats(state, 1), 'not-funded');
  const seated: BatchState = {
    ...state,
    ledger: payStep(state, state.ledger, carrier),
    operators: state.operators.map((one) => (one === account ? { ...one, silences: [] } : one)),
    seats: [...state.seats, { round: state.round, seat, operator, seal, seedAt: phase.seedAt, attempt, givenUp: false }],
    passed: passedAfter(state, seat, attempt),
    sampled: state.sampled || phase.kind === 'sampling',
  };
  return { ...seated, phase: phaseAfterSeat(seated, now) };
}
