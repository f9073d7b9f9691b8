import { assertNever, type Bytes32, type UnixSeconds } from '@gleaner/primitives';
import { smaller } from '../../uint256.ts';
import type { Opening } from '../commitment.ts';
import { type Candidate, drawSeat } from '../drawSeat.ts';
import { nextCommittee } from '../referee.ts';
import { disputeDeadline, openingDeadline, seatDeadline, seatSlot, windowEnd } from '../schedule.ts';
import type { BatchEvent } from './BatchEvent.ts';
import type { BatchPhase, BatchState, Vote } from './BatchState.ts';
import { deadlineOf } from './committing.ts';
import { refereeCandidates } from './disputing.ts';
import { voidableAt } from './ending.ts';
import { drawOf, isBatchSampled, isExpelled, liveSeats } from './seats.ts';

/** What a carrier knows of one batch. */
export interface BatchView {
  readonly state: BatchState;
  /** Value of the beacon for the phase's `seedAt`; absent while it is unknown, or lost. */
  readonly seed?: Bytes32;
  /** Openings that operators of the round have handed over, by seat. */
  readonly openings: ReadonlyMap<number, Opening>;
  /** The votes of the running committee, once all of them are opened. */
  readonly committee?: readonly Vote[];
  readonly carrier: string;
}

export type BatchPlan =
  /** Nothing to do before then, unless something arrives. */
  | { readonly kind: 'await'; readonly until: UnixSeconds }
  /** The seat is this operator's until then: bring it the work and carry its commitment. */
  | { readonly kind: 'offer'; readonly seat: number; readonly candidate: Candidate; readonly until: UnixSeconds }
  /** Collect openings from the operators until then. */
  | { readonly kind: 'collect'; readonly seats: readonly number[]; readonly until: UnixSeconds }
  /** Bring the question to the referees whose time it is, and collect their votes. */
  | { readonly kind: 'consult'; readonly until: UnixSeconds }
  | { readonly kind: 'send'; readonly event: BatchEvent }
  | { readonly kind: 'done'; readonly outcome: 'final' | 'void' };

/** Seconds before the end of the opening at which what has been handed over is sent, complete or not. */
const LAST_CALL = 120n;

/**
 * What a carrier does next for a batch: a function of what it sees and the time alone. Whoever follows it brings every batch to an end;
 * two who follow it do no harm to each other, the later message is refused.
 */
export function decideBatch(view: BatchView, now: UnixSeconds): BatchPlan {
  const { state } = view;
  const overdue = state.seats.findIndex(
    ({ graceUntil, root, operator }) => root === undefined && graceUntil !== undefined && now >= graceUntil && !isExpelled(state, operator),
  );
  if (overdue >= 0) return send(view, now, { kind: 'convictUnopened', seat: overdue });
  const { phase } = state;
  switch (phase.kind) {
    case 'drawing':
      return decideSeat(view, phase.seedAt, now);
    case 'sampling':
      return decideSampling(view, phase.seedAt, now);
    case 'opening':
      return decideOpening(view, phase.closedAt, now);
    case 'disputed':
      return decideDispute(view, phase, now);
    case 'accepted':
      return decideAccepted(view, phase, now);
    case 'final':
    case 'void':
      return decideEnded(state, phase.kind);
    default:
      return assertNever(phase);
  }
}

type Message = BatchEvent extends infer E ? (E extends BatchEvent ? Omit<E, 'now' | 'carrier'> : never) : never;

function send({ carrier }: BatchView, now: UnixSeconds, message: Message): BatchPlan {
  return { kind: 'send', event: { ...message, carrier, now } as BatchEvent };
}

const earlier = (a: UnixSeconds, b: UnixSeconds): UnixSeconds => smaller(a, b) as UnixSeconds;

function decideSeat(view: BatchView, seedAt: UnixSeconds, now: UnixSeconds): BatchPlan {
  const { state, seed } = view;
  const voidable = voidableAt(state, state.phase);
  if (now >= voidable) return send(view, now, { kind: 'void' });
  const end = deadlineOf(state);
  const slot = seatSlot(seedAt, state.terms.timeref, now);
  if (slot === undefined) return { kind: 'await', until: seedAt };
  if (seed === undefined || now >= end) return { kind: 'await', until: voidable };
  const seat = state.seats.length;
  const draw = drawOf(state, seat, seedAt, seed);
  for (let passed = 0; passed < slot; passed += 1) {
    if (!state.reported.has(`${seat}:${passed}`) && drawSeat(draw, passed) !== undefined) {
      return send(view, now, { kind: 'reportSilent', seat, slot: passed, seed });
    }
  }
  const candidate = drawSeat(draw, slot);
  if (candidate === undefined) return { kind: 'await', until: voidable };
  return { kind: 'offer', seat, candidate, until: earlier(seatDeadline(seedAt, state.terms.timeref, slot), end) };
}

function decideSampling(view: BatchView, seedAt: UnixSeconds, now: UnixSeconds): BatchPlan {
  if (now < seedAt) return { kind: 'await', until: seedAt };
  const { seed, state } = view;
  if (seed === undefined || isBatchSampled(state, seed)) return decideSeat(view, seedAt, now);
  return decideOpening(view, seedAt, now);
}

/** Nothing is opened before all can be, or the time is nearly over: what is opened first is seen by whoever replaces the missing. */
function decideOpening(view: BatchView, closedAt: UnixSeconds, now: UnixSeconds): BatchPlan {
  const { state, openings, seed } = view;
  const ended = openingDeadline(closedAt, state.terms.timeref);
  const withSeed = seed === undefined ? {} : { seed };
  if (now >= ended) return send(view, now, { kind: 'closeOpening', ...withSeed });
  const missing = liveSeats(state).filter(({ root }) => root === undefined);
  const ready = missing.flatMap(({ seat }) => {
    const opening = openings.get(seat);
    return opening === undefined ? [] : [{ seat, ...opening }];
  });
  const [first] = ready;
  const lastCall = (ended - LAST_CALL) as UnixSeconds;
  if (first === undefined || (ready.length < missing.length && now < lastCall)) {
    return { kind: 'collect', seats: missing.map(({ seat }) => seat), until: now < lastCall ? lastCall : ended };
  }
  const { root, traceRoot } = first;
  const salts = ready
    .filter((opening) => opening.root === root && opening.traceRoot === traceRoot)
    .map(({ seat, salt }) => ({ seat, salt }));
  return send(view, now, { kind: 'open', root, traceRoot, salts, ...withSeed });
}

/** Whether the next span may bring a candidate to any seat of the committee. */
function mayGrow(state: BatchState, phase: PhaseNamed<'disputed'>, seed: Bytes32, now: UnixSeconds, slot: number): boolean {
  const size = nextCommittee(phase.votes.length, state.rules.referees);
  const seats = Array.from({ length: size }, (_, seat) => seat);
  return seats.some((seat) => refereeCandidates(state, phase, { seat, members: [], seed, now }).length > slot);
}

type PhaseNamed<K extends BatchPhase['kind']> = Extract<BatchPhase, { kind: K }>;

function decideDispute(view: BatchView, phase: PhaseNamed<'disputed'>, now: UnixSeconds): BatchPlan {
  const end = disputeDeadline(phase.since);
  if (now >= end) return send(view, now, { kind: 'void' });
  const slot = seatSlot(phase.seedAt, view.state.terms.timeref, now);
  if (slot === undefined) return { kind: 'await', until: phase.seedAt };
  const { seed, committee } = view;
  if (seed === undefined) return { kind: 'await', until: end };
  if (committee !== undefined) return send(view, now, { kind: 'referees', votes: committee, seed });
  const next = seatDeadline(phase.seedAt, view.state.terms.timeref, slot);
  return { kind: 'consult', until: mayGrow(view.state, phase, seed, now, slot) ? earlier(next, end) : end };
}

function decideAccepted(view: BatchView, { record }: PhaseNamed<'accepted'>, now: UnixSeconds): BatchPlan {
  const convicted = record.signers.some(({ operator }) => isExpelled(view.state, operator));
  if (convicted && record.by === 'seats') return send(view, now, { kind: 'judgeAgain' });
  const end = windowEnd(record.at);
  return now >= end ? send(view, now, { kind: 'release' }) : { kind: 'await', until: earlier(end, graceOf(view.state) ?? end) };
}

/** Who missed an opening is waited for even when the batch has ended. */
function decideEnded(state: BatchState, outcome: 'final' | 'void'): BatchPlan {
  const until = graceOf(state);
  return until === undefined ? { kind: 'done', outcome } : { kind: 'await', until };
}

/** Earliest end of a grace that somebody still has. */
function graceOf(state: BatchState): UnixSeconds | undefined {
  const running = state.seats.filter(
    ({ graceUntil, root, operator }) => graceUntil !== undefined && root === undefined && !isExpelled(state, operator),
  );
  return running
    .map(({ graceUntil }) => graceUntil as UnixSeconds)
    .reduce<UnixSeconds | undefined>((a, b) => (a === undefined ? b : earlier(a, b)), undefined);
}
