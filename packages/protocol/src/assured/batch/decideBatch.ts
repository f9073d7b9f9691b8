import { assertNever, type Bytes32, type UnixSeconds } from '@gleaner/primitives';
import { larger, smaller } from '../../uint256.ts';
import { isBytes } from '../checks/assertBytes.ts';
import { assertTime } from '../checks/assertTime.ts';
import { type Candidate, drawSeat } from '../drawSeat.ts';
import { attemptAt, attemptDeadline, committeeDeadline, disputeDeadline, openingDeadline, windowEnd } from '../schedule.ts';
import { type Opening, opens } from '../seal.ts';
import type { BatchEvent } from './BatchEvent.ts';
import type { BatchPhase, BatchState, Seat, Vote } from './BatchState.ts';
import { deadlineOf } from './deadlines.ts';
import { refereesAsked } from './disputing.ts';
import { drawOf, isBatchSampled } from './draws.ts';
import { canPaySeats } from './paying.ts';
import { isExpelled, isRootPublic, liveSeats, operatorAt, seatsOfRound, unopenedSeats } from './seats.ts';

/** What a carrier knows of one batch. */
export interface BatchView {
  readonly state: BatchState;
  /** Value of the beacon for the phase's `seedAt`; absent while it is unknown, or lost. */
  readonly seed?: Bytes32;
  /** Seats of the round that have signed to be ready since the set was closed. */
  readonly ready: ReadonlySet<number>;
  /** Openings that operators of the round have handed over, by seat. */
  readonly openings: ReadonlyMap<number, Opening>;
  /** Votes of the running committee so far. */
  readonly votes: readonly Vote[];
  readonly carrier: string;
}

export type BatchPlan =
  /** Nothing to do before then, unless something arrives. */
  | { readonly kind: 'await'; readonly until: UnixSeconds }
  /** The seat is this operator's until then: bring it the work and carry its commitment. */
  | { readonly kind: 'offer'; readonly seat: number; readonly candidate: Candidate; readonly until: UnixSeconds }
  /** Collect what operators sign when they are ready to open, until then. */
  | { readonly kind: 'prepare'; readonly seats: readonly number[]; readonly until: UnixSeconds }
  /** All are ready: collect openings until then. */
  | { readonly kind: 'collect'; readonly seats: readonly number[]; readonly until: UnixSeconds }
  /** Bring the question to these referees and collect their votes until then. */
  | { readonly kind: 'consult'; readonly operators: readonly number[]; readonly until: UnixSeconds }
  | { readonly kind: 'send'; readonly event: BatchEvent }
  | { readonly kind: 'done'; readonly outcome: 'final' | 'void' };

/**
 * What a carrier does next for a batch: a function of what it sees and the time alone. Whoever follows it brings every batch to an end;
 * two who follow it do no harm to each other, the later message is refused. What operators handed over is checked before it is carried.
 * @throws {GleanerError} bad-request for a time out of range
 */
export function decideBatch(view: BatchView, now: UnixSeconds): BatchPlan {
  const { state } = view;
  assertTime('now', now);
  if (now < state.at) return { kind: 'await', until: state.at };
  const overdue = unopenedSeats(state).find(({ graceUntil }) => graceUntil !== undefined && now >= graceUntil);
  if (overdue !== undefined) return send(view, now, { kind: 'convictUnopened', round: overdue.round, seat: overdue.seat });
  const plan = decidePhase(view, state.phase, now);
  // Whatever is waited for, the end of a grace comes in between.
  return 'until' in plan ? { ...plan, until: earlier(plan.until, graceOf(state) ?? plan.until) } : plan;
}

function decidePhase(view: BatchView, phase: BatchPhase, now: UnixSeconds): BatchPlan {
  switch (phase.kind) {
    case 'drawing':
      return decideSeat(view, phase.seedAt, now);
    case 'sampling':
      return decideSampling(view, phase.seedAt, now);
    case 'opening':
      return decideOpening(view, phase, now);
    case 'disputed':
      return decideDispute(view, phase, now);
    case 'accepted':
      return decideAccepted(view, phase, now);
    case 'final':
    case 'void':
      return decideEnded(view.state, phase.kind);
    default:
      return assertNever(phase);
  }
}

type PhaseNamed<K extends BatchPhase['kind']> = Extract<BatchPhase, { kind: K }>;
type Message = BatchEvent extends infer E ? (E extends BatchEvent ? Omit<E, 'now' | 'carrier'> : never) : never;

function send({ carrier }: BatchView, now: UnixSeconds, message: Message): BatchPlan {
  return { kind: 'send', event: { ...message, carrier, now } as BatchEvent };
}

const earlier = (a: UnixSeconds, b: UnixSeconds): UnixSeconds => smaller(a, b) as UnixSeconds;

function decideSeat(view: BatchView, seedAt: UnixSeconds, now: UnixSeconds): BatchPlan {
  const { state, seed } = view;
  const end = deadlineOf(state);
  if (now >= end) return send(view, now, { kind: 'closeLate' });
  const attempt = attemptAt(seedAt, state.terms.timeref, now);
  if (attempt === undefined) return { kind: 'await', until: earlier(seedAt, end) };
  if (seed === undefined || !canPaySeats(state, 1)) return { kind: 'await', until: end };
  const seat = seatsOfRound(state).length + 1;
  const draw = drawOf(state, seat, seedAt, seed);
  for (let passed = 0; passed < attempt; passed += 1) {
    if (state.reported.has(`${state.round}:${seat}:${passed}`)) continue;
    // Where nobody is left to be drawn, no later attempt finds anybody either.
    if (drawSeat(draw, passed) === undefined) return { kind: 'await', until: end };
    return send(view, now, { kind: 'reportPassed', seat, attempt: passed, declined: false, seed });
  }
  const candidate = drawSeat(draw, attempt);
  if (candidate === undefined) return { kind: 'await', until: end };
  return { kind: 'offer', seat, candidate, until: earlier(attemptDeadline(seedAt, state.terms.timeref, attempt), end) };
}

function decideSampling(view: BatchView, seedAt: UnixSeconds, now: UnixSeconds): BatchPlan {
  const { seed, state } = view;
  if (now < seedAt) return { kind: 'await', until: seedAt };
  if (seed === undefined || isBatchSampled(state, seed)) return decideSeat(view, seedAt, now);
  return decideOpening(view, { kind: 'opening', closedAt: seedAt, isLate: false }, now);
}

/** Nothing is opened before all are ready: what is opened first is seen by whoever replaces the missing. */
function decideOpening(view: BatchView, { closedAt, isLate }: PhaseNamed<'opening'>, now: UnixSeconds): BatchPlan {
  const { state, seed, ready } = view;
  const ended = openingDeadline(closedAt, state.terms.timeref);
  const withSeed = seed === undefined ? {} : { seed };
  const missing = liveSeats(state).filter(({ root }) => root === undefined);
  const openings = fittingOpenings(view, missing);
  const unready = missing.filter(({ seat }) => !ready.has(seat));
  const seats = missing.map(({ seat }) => seat);
  if (!isLate && !isRootPublic(state) && unready.length > 0) {
    if (now < ended) return { kind: 'prepare', seats: unready.map(({ seat }) => seat), until: ended };
    return send(view, now, { kind: 'replaceUnready', ready: readySeats(view), ...withSeed });
  }
  const isWaiting = now < ended && missing.some(({ seat }) => !openings.has(seat));
  const opening = isWaiting ? undefined : openingOf(missing, openings);
  if (opening !== undefined) return send(view, now, { kind: 'open', ...opening, ...withSeed });
  if (now < ended) return { kind: 'collect', seats, until: ended };
  const end = larger(deadlineOf(state), ended) as UnixSeconds;
  if (isLate || isRootPublic(state)) return { kind: 'collect', seats, until: graceOf(state) ?? end };
  return now >= end ? send(view, now, { kind: 'closeLate' }) : { kind: 'collect', seats, until: end };
}

/** Seats of the round that are ready; what else was said to be ready is nobody's. */
const readySeats = ({ state, ready }: BatchView): number[] => liveSeats(state).flatMap(({ seat }) => (ready.has(seat) ? [seat] : []));

/** Only what fits its seal is carried: one opening that does not would have the others refused with it, again and again. */
function fittingOpenings({ state, openings }: BatchView, seats: readonly Seat[]): BatchView['openings'] {
  const { batchId } = state.terms;
  const fits = ({ round, seat, operator, seal }: Seat): boolean => {
    const opening = openings.get(seat);
    return opening !== undefined && opens(seal, { batchId, round, seat }, operatorAt(state, operator).address, opening);
  };
  return new Map(seats.filter(fits).map(({ seat }) => [seat, openings.get(seat) as Opening]));
}

/** One message for all that vote alike. */
function openingOf(
  missing: readonly Seat[],
  openings: BatchView['openings'],
): Omit<Extract<Message, { kind: 'open' }>, 'kind'> | undefined {
  const at = missing.flatMap(({ round, seat }) => {
    const opening = openings.get(seat);
    return opening === undefined ? [] : [{ round, seat, ...opening }];
  });
  const [first] = at;
  if (first === undefined) return undefined;
  const { root, traceRoot } = first;
  const alike = at.filter((opening) => opening.root === root && opening.traceRoot === traceRoot);
  return { root, traceRoot, salts: alike.map(({ round, seat, salt }) => ({ round, seat, salt })) };
}

function decideDispute(view: BatchView, phase: PhaseNamed<'disputed'>, now: UnixSeconds): BatchPlan {
  const { seed, state } = view;
  const { timeref } = state.terms;
  const end = disputeDeadline(phase.since, timeref);
  if (now >= end) return send(view, now, { kind: 'settleDispute' });
  if (now < phase.seedAt) return { kind: 'await', until: earlier(phase.seedAt, end) };
  if (seed === undefined) return { kind: 'await', until: end };
  const asked = refereesAsked(state, phase, seed);
  // Of each who is asked, the first vote that is one; whoever was expelled meanwhile is not asked any more.
  const votes = asked.flatMap((operator) => view.votes.find((vote) => vote.operator === operator && isBytes(vote.root, 32)) ?? []);
  const operators = asked.filter((operator) => !votes.some((vote) => vote.operator === operator));
  const closing = committeeDeadline(phase.committeeAt, timeref);
  if (operators.length === 0 || now >= closing) return send(view, now, { kind: 'referees', first: phase.drawn, votes, seed });
  return { kind: 'consult', operators, until: earlier(closing, end) };
}

function decideAccepted(view: BatchView, { record }: PhaseNamed<'accepted'>, now: UnixSeconds): BatchPlan {
  const { state } = view;
  const convicted = record.signers.some(({ operator }) => isExpelled(state, operator));
  if (convicted && record.by === 'seats') return send(view, now, { kind: 'judgeAgain' });
  const end = windowEnd(record.at, state.disputeEnded);
  return now >= end ? send(view, now, { kind: 'release' }) : { kind: 'await', until: end };
}

/** Who has not opened is waited for even when the batch has ended. */
function decideEnded(state: BatchState, outcome: 'final' | 'void'): BatchPlan {
  const until = graceOf(state);
  return until === undefined ? { kind: 'done', outcome } : { kind: 'await', until };
}

/** Earliest end of a grace that somebody still has. */
function graceOf(state: BatchState): UnixSeconds | undefined {
  return unopenedSeats(state)
    .flatMap(({ graceUntil }) => (graceUntil === undefined ? [] : [graceUntil]))
    .reduce<UnixSeconds | undefined>((a, b) => (a === undefined ? b : earlier(a, b)), undefined);
}
