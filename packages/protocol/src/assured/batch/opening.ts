import type { UnixSeconds } from '@gleaner/primitives';
import { larger } from '../../uint256.ts';
import { opens } from '../commitment.ts';
import { attemptAt, openingDeadline, windowEnd } from '../schedule.ts';
import { accept } from './accepting.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchPhase, BatchState, Seat } from './BatchState.ts';
import { deadlineOf, passedAfter, phaseAfterSeat, seedAfter } from './committing.ts';
import { convict } from './convicting.ts';
import { startDispute } from './disputing.ts';
import { startGrace } from './grace.ts';
import { payStep } from './paying.ts';
import { nextRound } from './rounds.ts';
import {
  earlierSeats,
  findSeat,
  isBatchSampled,
  isExpelled,
  isRootPublic,
  liveSeats,
  openedRoots,
  operatorAt,
  seatsOfRound,
  unopenedSeats,
  wouldBeEnough,
} from './seats.ts';
import { endVoid } from './voiding.ts';

type Opening = Extract<BatchPhase, { kind: 'opening' }>;

/** A batch whose only seat is not sampled has been open for opening since the seed. */
function closeUnsampled(state: BatchState, now: UnixSeconds, seed: EventNamed<'open'>['seed']): BatchState {
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

/**
 * What the opened roots mean now. Differing roots are a dispute, whoever opened them and when: nobody is convicted over a root without
 * referees. Idempotent; called after everything that opens, closes or expels.
 */
export function settleRoots(state: BatchState, now: UnixSeconds): BatchState {
  const { phase } = state;
  switch (phase.kind) {
    case 'drawing':
      return openedRoots(state).size > 1 ? startDispute(state, now) : state;
    case 'sampling':
      if (openedRoots(state).size > 1) return startDispute(state, now);
      return liveSeats(state).length + earlierSeats(state).length === 1 ? state : { ...state, phase: phaseAfterSeat(state, now) };
    case 'opening':
      return settleOpening(state, phase, now);
    case 'accepted': {
      if (phase.record.by === 'referees') return convictDissent(state, now);
      const differs = [...openedRoots(state)].some((root) => root !== phase.record.root);
      return differs && now < windowEnd(phase.record.at, state.disputeEnded) ? startDispute(state, now, { record: phase.record }) : state;
    }
    default:
      return state;
  }
}

/** Enough and equal is accepted; a root that is public stays the only one of its round, so what is missing is asked of the next one. */
function settleOpening(before: BatchState, phase: Opening, now: UnixSeconds): BatchState {
  const roots = openedRoots(before);
  const state = isRootPublic(before)
    ? startGrace(before, larger(now, openingDeadline(phase.closedAt, before.terms.timeref)) as UnixSeconds)
    : before;
  if (roots.size > 1) return startDispute(state, now);
  const pending = phase.isLate ? unopenedSeats(state) : liveSeats(state).filter(({ root }) => root === undefined);
  if (pending.length > 0) return state;
  const [root] = roots;
  const seats = [...earlierSeats(state), ...liveSeats(state)];
  if (root !== undefined && wouldBeEnough(state, seats)) return accept(state, root, now, 'seats');
  if (phase.isLate && root !== undefined) return startDispute(state, now);
  if (isRootPublic(state) || phase.isLate) return nextRound(state, now);
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
export function applyConvictUnopened(state: BatchState, { round, seat, carrier, now }: EventNamed<'convictUnopened'>): BatchState {
  const late = findSeat(state, round, seat);
  demand(late !== undefined, 'no-such-seat');
  demand(late.root === undefined, 'opened-already');
  demand(late.graceUntil !== undefined && now >= late.graceUntil, 'too-early');
  demand(!isExpelled(state, late.operator), 'expelled');
  const convicted = convict(state, late.operator, now);
  return { ...convicted, ledger: payStep(convicted, convicted.ledger, carrier) };
}
