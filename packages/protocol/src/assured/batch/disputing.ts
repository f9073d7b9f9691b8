import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { seatCandidates } from '../drawSeat.ts';
import { splitSlash } from '../price.ts';
import { nextCommittee, refereeVerdict } from '../referee.ts';
import { disputeDeadline, seatSlot, windowEnd } from '../schedule.ts';
import { accept } from './accepting.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import { type AcceptanceRecord, type BatchPhase, type BatchState, batchLock, type DisputeClaim, type Vote } from './BatchState.ts';
import { seedAfter } from './committing.ts';
import { convict } from './convicting.ts';
import { balance, type Ledger, move, moveAll, moveUpTo } from './ledger.ts';
import { drawOf, signersOf } from './seats.ts';
import { endVoid } from './voiding.ts';

type Disputed = Extract<BatchPhase, { kind: 'disputed' }>;

export function startDispute(
  state: BatchState,
  now: UnixSeconds,
  question: { readonly record?: AcceptanceRecord; readonly claim?: DisputeClaim } = {},
): BatchState {
  return { ...state, phase: { kind: 'disputed', since: now, seedAt: seedAfter(state, now), votes: [], ...question } };
}

/** Somebody who computed the batch says that the accepted root is wrong, and puts up what the referees will cost. */
export function applyDispute(state: BatchState, { disputer, root, now }: EventNamed<'dispute'>): BatchState {
  const { phase, terms } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  demand(phase.record.by === 'seats', 'verdict-stands');
  demand(root !== phase.record.root, 'nothing-to-dispute');
  demand(now < windowEnd(phase.record.at), 'too-late');
  demand(balance(state.ledger, `disputer:${disputer}`) >= terms.disputeBond, 'bond-missing');
  const ledger = move(state.ledger, `disputer:${disputer}`, 'disputeBond', terms.disputeBond);
  return startDispute({ ...state, ledger }, now, { record: phase.record, claim: { disputer, root } });
}

/** The votes of one committee, complete and opened together. */
export function applyReferees(state: BatchState, { votes, seed, now }: EventNamed<'referees'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'disputed', 'wrong-phase');
  demand(now >= phase.seedAt, 'too-early');
  demand(now < disputeDeadline(phase.since), 'too-late');
  demandCommittee(state, phase, votes, seed, now);
  const seen = new Set([...state.seen, ...votes.map(({ operator }) => operator)]);
  const judged: Disputed = { ...phase, seedAt: seedAfter(state, now), votes: [...phase.votes, ...votes] };
  const next: BatchState = { ...state, seen, phase: judged };
  const roots = [...new Set(judged.votes.map(({ root }) => root))];
  const counts = roots.map((root) => judged.votes.filter((vote) => vote.root === root).length);
  const verdict = refereeVerdict(counts, judged.votes.length, state.rules.referees);
  if (verdict === 'more') return next;
  return verdict === 'undecided' ? abandonDispute(next, judged) : decideDispute(next, judged, roots[verdict] as Bytes32, now);
}

/** Each seat of the committee is voted by one of the candidates whose time has come: the first, or a later one of the same seed. */
function demandCommittee(state: BatchState, phase: Disputed, votes: readonly Vote[], seed: Bytes32, now: UnixSeconds): void {
  demand(votes.length === nextCommittee(phase.votes.length, state.rules.referees), 'committee-differs');
  for (const [at, { operator }] of votes.entries()) {
    const members = votes.slice(0, at).map((vote) => vote.operator);
    demand(refereeCandidates(state, phase, { seat: at, members, seed, now }).includes(operator), 'committee-differs');
    demand(state.operators[operator]?.expelledAt === undefined, 'expelled');
  }
}

/** Operators that may vote on this seat of the committee now, in the order of the draw; the last one is the running candidate. */
export function refereeCandidates(
  state: BatchState,
  phase: Disputed,
  {
    seat,
    members,
    seed,
    now,
  }: { readonly seat: number; readonly members: readonly number[]; readonly seed: Bytes32; readonly now: UnixSeconds },
): number[] {
  const slot = seatSlot(phase.seedAt, state.terms.timeref, now);
  if (slot === undefined) return [];
  const number = phase.votes.length + seat;
  const draw = { ...drawOf(state, state.seats.length, phase.seedAt, seed), seat: number };
  const candidates: number[] = [];
  const isExcluded = (operator: number): boolean => members.includes(operator) || draw.isExcluded(operator);
  for (const { operator } of seatCandidates({ ...draw, isExcluded })) {
    candidates.push(operator);
    if (candidates.length > slot) break;
  }
  return candidates;
}

/** The winning root counts; whoever signed another one, seat or referee, is convicted. */
function decideDispute(state: BatchState, { votes, record, claim }: Disputed, root: Bytes32, now: UnixSeconds): BatchState {
  const opened = [...state.seats, ...state.earlier].filter((seat) => seat.root !== undefined);
  const losers = [...opened, ...votes].filter((vote) => vote.root !== root).map(({ operator }) => operator);
  const convicted = losers.reduce((judged, operator) => convict(judged, operator, now), state);
  const referees = votes.filter((vote) => vote.root === root).map(({ operator }) => operator);
  const overturned = record !== undefined && record.root !== root;
  const settled = { ...convicted, ledger: payDispute(convicted, { referees, claim, overturned, claimHolds: claim?.root === root }) };
  if (record === undefined) return accept(settled, root, now, 'referees');
  const signers = overturned ? signersOf(settled, root) : record.signers.filter(({ operator }) => !losers.includes(operator));
  return { ...settled, phase: { kind: 'accepted', record: { root, at: record.at, signers, by: 'referees' } } };
}

interface Settling {
  readonly referees: readonly number[];
  readonly claim: DisputeClaim | undefined;
  /** An accepted root lost. */
  readonly overturned: boolean;
  /** The disputer's own root won. */
  readonly claimHolds: boolean;
}

/** Referees first, then the disputer, then the requester of an overturned batch; the rest waits for other claims and is burned at the end. */
function payDispute(state: BatchState, { referees, claim, overturned, claimHolds }: Settling): Ledger {
  const { pay } = state.rules;
  let ledger = state.ledger;
  if (claim !== undefined)
    ledger = overturned ? moveAll(ledger, 'disputeBond', `disputer:${claim.disputer}`) : moveAll(ledger, 'disputeBond', 'forfeited');
  const priceBack = overturned ? batchLock(state.terms) - balance(ledger, 'sponsor') : 0n;
  const split = splitSlash(balance(ledger, 'forfeited'), {
    dispute: pay * BigInt(referees.length),
    disputer: claimHolds ? pay : 0n,
    requesters: [priceBack],
  });
  let due = split.dispute;
  for (const operator of referees) {
    ledger = move(ledger, 'forfeited', `operator:${operator}`, due < pay ? due : pay);
    due = due < pay ? 0n : due - pay;
  }
  if (claim !== undefined) ledger = move(ledger, 'forfeited', `disputer:${claim.disputer}`, split.disputer);
  return move(ledger, 'forfeited', 'sponsor', split.requesters[0] as bigint);
}

/** No root leads far enough and no more votes are allowed, or the time is over: nobody is convicted, the fund pays the referees. */
export function abandonDispute(state: BatchState, { votes, claim }: Disputed): BatchState {
  let ledger = state.ledger;
  for (const { operator } of votes) ledger = moveUpTo(ledger, 'fund', `operator:${operator}`, state.rules.pay);
  if (claim !== undefined) ledger = moveAll(ledger, 'disputeBond', `disputer:${claim.disputer}`);
  return endVoid({ ...state, ledger });
}
