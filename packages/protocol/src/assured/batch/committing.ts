import type { UnixSeconds } from '@gleaner/primitives';
import { MAX_PASSED } from '../acceptance.ts';
import { drawSeat } from '../drawSeat.ts';
import { attemptAt, attemptDeadline, batchDeadline } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchPhase, BatchState, OperatorAccount } from './BatchState.ts';
import { balance, moveUpTo } from './ledger.ts';
import { canPaySeats, payStep } from './paying.ts';
import {
  drawOf,
  earlierSeats,
  findSeat,
  isBatchSampled,
  isExpelled,
  isFull,
  liveSeats,
  operatorAt,
  seatsOfRound,
  wouldBeEnough,
} from './seats.ts';

/** From here on no seat is taken; a batch that is not accepted is closed late. */
export const deadlineOf = ({ roundStart, terms, rules }: BatchState): UnixSeconds =>
  batchDeadline(roundStart, terms.timeref, rules.maxSeats);

export const seedAfter = ({ terms }: BatchState, now: UnixSeconds): UnixSeconds => (now + terms.seedDelay) as UnixSeconds;

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
  demand(!isExpelled(state, operator), 'expelled');
  demand(!isFull(state, operator), 'full');
  demand(canPaySeats(state, 1), 'not-funded');
  const seated: BatchState = {
    ...state,
    ledger: payStep(state, state.ledger, carrier),
    seats: [...state.seats, { round: state.round, seat, operator, seal, seedAt: phase.seedAt, attempt, givenUp: false }],
    passed: passedAfter(state, seat, attempt),
    sampled: state.sampled || phase.kind === 'sampling',
  };
  return { ...seated, phase: phaseAfterSeat(seated, now) };
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

/**
 * An attempt of this round passed. Who was silent pays a penalty that nobody else gains by; who was full, expelled, or declines within
 * its allowance pays nothing.
 */
export function applyReportPassed(
  state: BatchState,
  { seat, attempt, declined, seed, carrier, now }: EventNamed<'reportPassed'>,
): BatchState {
  const { phase, terms, rules } = state;
  demand(phase.kind === 'drawing' || phase.kind === 'sampling' || phase.kind === 'opening', 'wrong-phase');
  const filled = findSeat(state, state.round, seat);
  demand(filled !== undefined || (phase.kind !== 'opening' && seat === seatsOfRound(state).length + 1), 'no-such-seat');
  const seedAt = filled?.seedAt ?? (phase as { seedAt: UnixSeconds }).seedAt;
  demand(filled !== undefined || phase.kind === 'drawing' || isBatchSampled(state, seed), 'set-closed');
  // Nobody is blamed for a seat that could not have been taken.
  demand(filled !== undefined || canPaySeats(state, 1), 'not-funded');
  demand(attempt >= 0 && (filled === undefined || attempt < filled.attempt), 'not-drawn');
  demand(now >= attemptDeadline(seedAt, terms.timeref, attempt), 'too-early');
  demand(attemptDeadline(seedAt, terms.timeref, attempt) <= deadlineOf(state), 'too-late');
  const candidate = drawSeat(drawOf(state, seat, seedAt, seed), attempt);
  demand(candidate !== undefined, 'not-drawn');
  const key = `${state.round}:${seat}:${attempt}`;
  demand(!state.reported.has(key), 'reported-already');
  const reported = { ...state, reported: new Set([...state.reported, key]) };
  const { operator } = candidate;
  if (isExpelled(state, operator) || isFull(state, operator)) return { ...reported, ledger: payStep(state, state.ledger, carrier) };
  if (declined && operatorAt(state, operator).freeDeclines > 0) return takeDecline(reported, operator, carrier);
  const taken = moveUpTo(state.ledger, `bond:${operator}`, 'penalties', rules.silencePenalty);
  const penalty = balance(taken, 'penalties') - balance(state.ledger, 'penalties');
  if (penalty < terms.stepFee) return { ...reported, ledger: payStep(state, taken, carrier) };
  return { ...reported, ledger: moveUpTo(taken, 'penalties', `carrier:${carrier}`, terms.stepFee) };
}

function takeDecline(state: BatchState, operator: number, carrier: string): BatchState {
  const less = (account: OperatorAccount): OperatorAccount => ({ ...account, freeDeclines: account.freeDeclines - 1 });
  return {
    ...state,
    operators: state.operators.map((account, index) => (index === operator ? less(account) : account)),
    ledger: payStep(state, state.ledger, carrier),
  };
}
