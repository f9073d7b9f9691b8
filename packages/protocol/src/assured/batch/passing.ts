import type { Address, UnixSeconds } from '@gleaner/primitives';
import { drawSeat } from '../drawSeat.ts';
import { attemptDeadline, attemptStart } from '../schedule.ts';
import { countSilence, isSilentTooOften } from '../silence.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState, OperatorAccount } from './BatchState.ts';
import { deadlineOf } from './deadlines.ts';
import { drawOf, isBatchSampled } from './draws.ts';
import { wasFull } from './fullness.ts';
import { balance, moveUpTo } from './ledger.ts';
import { canPaySeats, payStep } from './paying.ts';
import { findSeat, operatorAt, seatsOfRound } from './seats.ts';

/**
 * An attempt of this round passed. Who was silent pays a penalty that nobody else gains by; who was full at its turn, was out or
 * expelled, or declines within its allowance pays nothing.
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
  demand(filled === undefined || attempt < filled.attempt, 'not-drawn');
  const until = attemptDeadline(seedAt, terms.timeref, attempt);
  demand(now >= until, 'too-early');
  demand(until <= deadlineOf(state), 'too-late');
  const candidate = drawSeat(drawOf(state, seat, seedAt, seed), attempt);
  demand(candidate !== undefined, 'not-drawn');
  const key = `${state.round}:${seat}:${attempt}`;
  demand(!state.reported.has(key), 'reported-already');
  const reported = { ...state, reported: new Set([...state.reported, key]) };
  const { operator } = candidate;
  const account = operatorAt(state, operator);
  if (couldNotCommit(account, attemptStart(seedAt, terms.timeref, attempt), until))
    return { ...reported, ledger: payStep(state, state.ledger, carrier) };
  if (declined && account.freeDeclines > 0) return takeDecline(reported, operator, carrier);
  const taken = moveUpTo(state.ledger, `bond:${operator}`, 'penalties', rules.silencePenalty);
  const penalty = balance(taken, 'penalties') - balance(state.ledger, 'penalties');
  const silent = withAccount(reported, operator, afterSilence(account, terms.requester, now));
  if (penalty < terms.stepFee) return { ...silent, ledger: payStep(state, taken, carrier) };
  return { ...silent, ledger: moveUpTo(taken, 'penalties', `carrier:${carrier}`, terms.stepFee) };
}

/** Expelled, out of the draws, or full at a time of its turn. */
function couldNotCommit(account: OperatorAccount, from: UnixSeconds, until: UnixSeconds): boolean {
  const { expelledAt, outAt } = account;
  return expelledAt !== undefined || (outAt !== undefined && outAt < until) || wasFull(account, from, until);
}

/** The third silence in a row, for a third requester, takes it out of the draws. */
function afterSilence(account: OperatorAccount, requester: Address, now: UnixSeconds): OperatorAccount {
  const silences = countSilence(account.silences, requester);
  return { ...account, silences, ...(isSilentTooOften(silences) && account.outAt === undefined ? { outAt: now } : {}) };
}

function takeDecline(state: BatchState, operator: number, carrier: string): BatchState {
  const account = operatorAt(state, operator);
  const less = withAccount(state, operator, { ...account, freeDeclines: account.freeDeclines - 1 });
  return { ...less, ledger: payStep(state, state.ledger, carrier) };
}

function withAccount(state: BatchState, operator: number, account: OperatorAccount): BatchState {
  return { ...state, operators: state.operators.map((one, index) => (index === operator ? account : one)) };
}
