import type { UnixSeconds } from '@gleaner/primitives';
import { opens } from '../commitment.ts';
import { graceDeadline, openingDeadline, windowEnd } from '../schedule.ts';
import { accept } from './accepting.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState, Seat } from './BatchState.ts';
import { phaseAfterSeat, seedAfter } from './committing.ts';
import { convict } from './convicting.ts';
import { startDispute } from './disputing.ts';
import { moveUpTo } from './ledger.ts';
import { isBatchSampled, liveSeats, openedRoots, operatorAt, wouldBeEnough } from './seats.ts';

/** A batch whose only seat is not sampled has been open for opening since the seed. */
function closeUnsampled(state: BatchState, now: UnixSeconds, seed: EventNamed<'open'>['seed']): BatchState {
  const { phase } = state;
  if (phase.kind !== 'sampling') return state;
  demand(now >= phase.seedAt, 'too-early');
  demand(seed !== undefined && !isBatchSampled(state, seed), 'set-not-closed');
  return { ...state, phase: { kind: 'opening', closedAt: phase.seedAt } };
}

/** Seats of a closed set in time, and those that missed it within their grace. All seals must fit, or nothing is opened. */
export function applyOpen(before: BatchState, event: EventNamed<'open'>): BatchState {
  const { root, traceRoot, salts, carrier, now } = event;
  const isLate = salts.every(({ seat }) => before.seats[seat]?.graceUntil !== undefined);
  const state = isLate ? before : closeUnsampled(before, now, event.seed);
  demand(salts.length > 0, 'no-such-seat');
  const seats = [...state.seats];
  for (const { seat, salt } of salts) {
    const committed = seats[seat];
    demand(committed !== undefined, 'no-such-seat');
    demand(committed.root === undefined, 'opened-already');
    demandTime(state, committed, now);
    const key = { batchId: state.terms.batchId, round: state.round, seat };
    demand(opens(committed.seal, key, operatorAt(state, committed.operator).address, { root, traceRoot, salt }), 'seal-differs');
    seats[seat] = { ...committed, root, openedBy: carrier };
  }
  return settleRoots({ ...state, seats }, now);
}

function demandTime({ phase, terms }: BatchState, { graceUntil }: Seat, now: UnixSeconds): void {
  if (graceUntil !== undefined) {
    demand(now < graceUntil, 'too-late');
    return;
  }
  demand(phase.kind === 'opening', 'wrong-phase');
  demand(now < openingDeadline(phase.closedAt, terms.timeref), 'too-late');
}

/** Whoever is missing is replaced and has its grace; who did open is judged. */
export function applyCloseOpening(before: BatchState, { seed, now }: EventNamed<'closeOpening'>): BatchState {
  const state = closeUnsampled(before, now, seed);
  const { phase, terms } = state;
  demand(phase.kind === 'opening', 'wrong-phase');
  const ended = openingDeadline(phase.closedAt, terms.timeref);
  demand(now >= ended, 'too-early');
  const isMissing = (seat: Seat): boolean => seat.root === undefined && seat.graceUntil === undefined;
  const seats = state.seats.map((seat) => (isMissing(seat) ? { ...seat, graceUntil: graceDeadline(ended) } : seat));
  return settleRoots({ ...state, seats }, now);
}

/**
 * What the opened roots mean now. Differing roots are a dispute, whoever opened them and when, once the set is open: nobody is
 * convicted over a root without referees. Idempotent; called after everything that opens, replaces or expels.
 */
export function settleRoots(state: BatchState, now: UnixSeconds): BatchState {
  const { phase } = state;
  switch (phase.kind) {
    case 'sampling':
      return liveSeats(state).length === 1 ? state : { ...state, phase: phaseAfterSeat(state, now) };
    case 'opening':
      return settleOpening(state, now);
    case 'accepted': {
      if (phase.record.by === 'referees') return convictDissent(state, now);
      const differs = [...openedRoots(state)].some((root) => root !== phase.record.root);
      return differs && now < windowEnd(phase.record.at) ? startDispute(state, now, { record: phase.record }) : state;
    }
    default:
      return state;
  }
}

function settleOpening(state: BatchState, now: UnixSeconds): BatchState {
  const live = liveSeats(state);
  if (live.some(({ root }) => root === undefined)) return state;
  const roots = openedRoots(state);
  if (roots.size > 1) return startDispute(state, now);
  const [root] = roots;
  if (root !== undefined && wouldBeEnough(state, live)) return accept(state, root, now, 'seats');
  return { ...state, phase: { kind: 'drawing', seedAt: seedAfter(state, now) } };
}

/** After a verdict, whoever opens another root in its grace has been judged already. */
function convictDissent(state: BatchState, now: UnixSeconds): BatchState {
  const { phase } = state;
  if (phase.kind !== 'accepted') return state;
  const dissenting = state.seats.filter(({ root }) => root !== undefined && root !== phase.record.root);
  return dissenting.reduce((judged, { operator }) => convict(judged, operator, now), state);
}

/** Not opening must not be cheaper than having been wrong. */
export function applyConvictUnopened(state: BatchState, { seat, carrier, now }: EventNamed<'convictUnopened'>): BatchState {
  const late = state.seats[seat];
  demand(late !== undefined, 'no-such-seat');
  demand(late.root === undefined, 'opened-already');
  demand(late.graceUntil !== undefined && now >= late.graceUntil, 'too-early');
  demand(operatorAt(state, late.operator).expelledAt === undefined, 'expelled');
  const convicted = convict(state, late.operator, now);
  const ledger = moveUpTo(convicted.ledger, 'forfeited', `carrier:${carrier}`, state.terms.stepFee);
  return { ...convicted, ledger };
}
