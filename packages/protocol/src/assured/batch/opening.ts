import type { UnixSeconds } from '@gleaner/primitives';
import { opens } from '../seal.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState, Seat } from './BatchState.ts';
import { isBatchSampled } from './draws.ts';
import { payStep } from './paying.ts';
import { findSeat, operatorAt } from './seats.ts';
import { settleRoots } from './settleRoots.ts';

/** A batch whose only seat is not sampled has been open for opening since the seed. */
export function closeUnsampled(state: BatchState, now: UnixSeconds, seed: EventNamed<'open'>['seed']): BatchState {
  const { phase } = state;
  if (phase.kind !== 'sampling') return state;
  demand(now >= phase.seedAt, 'too-early');
  demand(seed !== undefined && !isBatchSampled(state, seed), 'set-not-closed');
  return { ...state, phase: { kind: 'opening', closedAt: phase.seedAt, isLate: false } };
}

/** Seats of a closed set, or seats that have their grace. All seals must fit, or nothing is opened; each opening is paid. */
export function applyOpen(before: BatchState, { root, traceRoot, salts, seed, carrier, now }: EventNamed<'open'>): BatchState {
  demand(salts.length > 0, 'no-such-seat');
  const inGrace = salts.every(({ round, seat }) => findSeat(before, round, seat)?.graceUntil !== undefined);
  const closed = inGrace ? before : closeUnsampled(before, now, seed);
  let state = closed;
  for (const { round, seat, salt } of salts) {
    const committed = findSeat(state, round, seat);
    demand(committed !== undefined, 'no-such-seat');
    demand(committed.root === undefined, 'opened-already');
    demandTime(closed, committed, now);
    const key = { batchId: state.terms.batchId, round, seat };
    demand(opens(committed.seal, key, operatorAt(state, committed.operator).address, { root, traceRoot, salt }), 'seal-differs');
    const seats = state.seats.map((one) => (one === committed ? { ...one, root } : one));
    state = { ...state, seats, ledger: payStep(state, state.ledger, carrier) };
  }
  return settleRoots(state, now);
}

function demandTime(state: BatchState, { graceUntil, round, givenUp }: Seat, now: UnixSeconds): void {
  if (graceUntil !== undefined) demand(now < graceUntil, 'too-late');
  else demand(state.phase.kind === 'opening' && round === state.round && !givenUp, 'wrong-phase');
}
