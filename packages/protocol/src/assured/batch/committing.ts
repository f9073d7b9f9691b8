import type { UnixSeconds } from '@gleaner/primitives';
import { smaller } from '../../uint256.ts';
import { drawSeat } from '../drawSeat.ts';
import { batchDeadline, seatDeadline, seatSlot } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchPhase, BatchState } from './BatchState.ts';
import { balance, move, moveUpTo } from './ledger.ts';
import { drawOf, isBatchSampled, isExpelled, liveSeats, wouldBeEnough } from './seats.ts';

/** From here on nothing but `void` moves a batch that is not accepted. */
export const deadlineOf = ({ roundStart, terms, rules }: BatchState): UnixSeconds =>
  batchDeadline(roundStart, terms.timeref, rules.maxSeats);

export const seedAfter = ({ terms }: BatchState, now: UnixSeconds): UnixSeconds => (now + terms.seedDelay) as UnixSeconds;

/** The running candidate of the next seat, and nobody else, takes it. */
export function applyCommit(state: BatchState, { operator, seal, seed, carrier, now }: EventNamed<'commit'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'drawing' || phase.kind === 'sampling', 'wrong-phase');
  demand(now < deadlineOf(state), 'too-late');
  const slot = seatSlot(phase.seedAt, state.terms.timeref, now);
  demand(slot !== undefined, 'too-early');
  demand(phase.kind === 'drawing' || isBatchSampled(state, seed), 'set-closed');
  demand(drawSeat(drawOf(state, state.seats.length, phase.seedAt, seed), slot)?.operator === operator, 'not-drawn');
  demand(!isExpelled(state, operator), 'expelled');
  const seated: BatchState = {
    ...state,
    seats: [...state.seats, { operator, seal, seedAt: phase.seedAt, slot, committedBy: carrier }],
    seen: new Set([...state.seen, operator]),
    sampled: state.sampled || phase.kind === 'sampling',
  };
  return { ...seated, phase: phaseAfterSeat(seated, now) };
}

/** Enough if unanimous? One alone may be sampled; more close the set. */
export function phaseAfterSeat(state: BatchState, now: UnixSeconds): BatchPhase {
  const live = liveSeats(state);
  if (!wouldBeEnough(state, live)) return { kind: 'drawing', seedAt: seedAfter(state, now) };
  return live.length === 1 ? { kind: 'sampling', seedAt: seedAfter(state, now) } : { kind: 'opening', closedAt: now };
}

/** An operator let its time pass: it loses the pay of the seat, or what is left of its bond, of which the reporter is paid. */
export function applyReportSilent(state: BatchState, { seat, slot, seed, carrier, now }: EventNamed<'reportSilent'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'drawing' || phase.kind === 'sampling' || phase.kind === 'opening', 'wrong-phase');
  const filled = state.seats[seat];
  const isNext = phase.kind !== 'opening' && seat === state.seats.length;
  demand(filled !== undefined || isNext, 'no-such-seat');
  const seedAt = filled?.seedAt ?? (phase as { seedAt: UnixSeconds }).seedAt;
  demand(filled !== undefined || phase.kind === 'drawing' || isBatchSampled(state, seed), 'set-closed');
  demand(slot >= 0 && (filled === undefined || slot < filled.slot), 'not-drawn');
  demand(now >= seatDeadline(seedAt, state.terms.timeref, slot), 'too-early');
  const candidate = drawSeat(drawOf(state, seat, seedAt, seed), slot);
  demand(candidate !== undefined, 'not-drawn');
  const key = `${seat}:${slot}`;
  demand(!state.reported.has(key), 'reported-already');
  const bond = `bond:${candidate.operator}`;
  const penalty = smaller(state.rules.pay, balance(state.ledger, bond));
  const fee = smaller(state.terms.stepFee, penalty);
  const ledger = moveUpTo(move(state.ledger, bond, 'penalties', penalty), 'penalties', `carrier:${carrier}`, fee);
  return { ...state, ledger, reported: new Set([...state.reported, key]) };
}
