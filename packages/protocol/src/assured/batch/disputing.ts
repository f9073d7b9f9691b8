import { type Bytes32, invariant, type UnixSeconds } from '@gleaner/primitives';
import { keccak256 } from 'viem';
import { drawReferees } from '../drawReferees.ts';
import { encodeWords } from '../encodeWords.ts';
import { nextCommittee, refereeVerdict } from '../referee.ts';
import { committeeDeadline, disputeDeadline, epochOf, windowEnd } from '../schedule.ts';
import { accept } from './accepting.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { AcceptanceRecord, BatchPhase, BatchState, DisputeClaim, Vote } from './BatchState.ts';
import { convict } from './convicting.ts';
import { seedAfter } from './deadlines.ts';
import { signersOf } from './evidence.ts';
import { startGrace } from './grace.ts';
import { balance, type Ledger, move, moveAll, moveUpTo, type Pot } from './ledger.ts';
import { isExpelled } from './seats.ts';
import { endVoid } from './voiding.ts';

type Disputed = Extract<BatchPhase, { kind: 'disputed' }>;

export function startDispute(
  state: BatchState,
  now: UnixSeconds,
  about: { readonly record?: AcceptanceRecord; readonly claim?: DisputeClaim } = {},
): BatchState {
  const seedAt = seedAfter(state, now);
  const phase: Disputed = {
    kind: 'disputed',
    since: now,
    seedAt,
    committeeAt: seedAt,
    drawn: 0,
    votes: [],
    tally: new Map(),
    ...about,
  };
  return { ...startGrace(state, now), disputes: state.disputes + 1, phase };
}

/** Somebody who computed the batch says that the accepted root is wrong, and puts up what the referees will cost. */
export function applyDispute(state: BatchState, { disputer, root, now }: EventNamed<'dispute'>): BatchState {
  const { phase, rules } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  demand(phase.record.by === 'seats', 'verdict-stands');
  demand(root !== phase.record.root, 'nothing-to-dispute');
  demand(now < windowEnd(phase.record.at, state.disputeEnded), 'too-late');
  demand(balance(state.ledger, `disputer:${disputer}`) >= rules.disputeBond, 'bond-missing');
  const ledger = move(state.ledger, `disputer:${disputer}`, 'disputeBond', rules.disputeBond);
  return startDispute({ ...state, ledger }, now, { record: phase.record, claim: { disputer, root } });
}

/** keccak256(abi.encode(batch, number of the dispute)). */
const disputeIdOf = ({ terms, disputes }: BatchState): Bytes32 => keccak256(encodeWords(terms.batchId, disputes)) as Bytes32;

/** Operators of the running committee, one for each draw. */
export function committeeOf(state: BatchState, { drawn, seedAt }: Disputed, seed: Bytes32): number[] {
  const size = nextCommittee(drawn, state.rules.referees);
  const draw = { weights: state.weights, epoch: epochOf(seedAt), seed, disputeId: disputeIdOf(state) };
  return drawReferees(draw, { first: drawn, size });
}

/** Operators of the committee who must execute: neither expelled, nor seated in this batch, nor with a vote in this dispute. */
export function refereesAsked(state: BatchState, phase: Disputed, seed: Bytes32): number[] {
  const bound = new Set([...state.seats, ...phase.votes].map(({ operator }) => operator));
  return [...new Set(committeeOf(state, phase, seed))].filter((operator) => !bound.has(operator) && !isExpelled(state, operator));
}

/**
 * The running committee closes. Every draw counts for what its operator said: in this dispute, or by the seat it opened.
 * Who is silent is penalised and counts for nobody.
 */
export function applyReferees(state: BatchState, { first, votes, seed, now }: EventNamed<'referees'>): BatchState {
  const { phase, terms, rules } = state;
  demand(phase.kind === 'disputed', 'wrong-phase');
  demand(first === phase.drawn, 'committee-differs');
  demand(now >= phase.seedAt, 'too-early');
  demand(now < disputeDeadline(phase.since, terms.timeref), 'too-late');
  const asked = refereesAsked(state, phase, seed);
  const voters = new Set(votes.map(({ operator }) => operator));
  demand(voters.size === votes.length && votes.every(({ operator }) => asked.includes(operator)), 'committee-differs');
  const silent = asked.filter((operator) => !voters.has(operator));
  demand(silent.length === 0 || now >= committeeDeadline(phase.committeeAt, terms.timeref), 'too-early');
  const ledger = silent.reduce<Ledger>(
    (left, operator) => moveUpTo(left, `bond:${operator}`, 'penalties', rules.silencePenalty),
    state.ledger,
  );
  const judged = countCommittee(state, phase, { votes, seed, now });
  return judge({ ...state, ledger, phase: judged }, judged, now);
}

function countCommittee(
  state: BatchState,
  phase: Disputed,
  { votes, seed, now }: { readonly votes: readonly Vote[]; readonly seed: Bytes32; readonly now: UnixSeconds },
): Disputed {
  const all = [...phase.votes, ...votes];
  const said = new Map<number, Bytes32>(all.map(({ operator, root }) => [operator, root]));
  for (const { operator, root } of state.seats) if (root !== undefined) said.set(operator, root);
  const tally = new Map(phase.tally);
  const committee = committeeOf(state, phase, seed);
  for (const operator of committee) {
    const root = said.get(operator);
    if (root !== undefined && !isExpelled(state, operator)) tally.set(root, (tally.get(root) ?? 0) + 1);
  }
  const size = nextCommittee(phase.drawn, state.rules.referees);
  return { ...phase, votes: all, tally, drawn: phase.drawn + size, committeeAt: now };
}

function judge(state: BatchState, phase: Disputed, now: UnixSeconds): BatchState {
  const roots = [...phase.tally.keys()];
  const verdict = refereeVerdict([...phase.tally.values()], phase.drawn, state.rules.referees);
  if (verdict === 'more') return state;
  return verdict === 'undecided' ? endUndecided(state, phase, now) : decideDispute(state, phase, roots[verdict] as Bytes32, now);
}

/** The time is over: whatever the votes are, they have not decided. */
export function applySettleDispute(state: BatchState, { now }: EventNamed<'settleDispute'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'disputed', 'wrong-phase');
  demand(now >= disputeDeadline(phase.since, state.terms.timeref), 'too-early');
  return endUndecided(state, phase, now);
}

/** The winning root counts; whoever signed another one, seat or referee, is convicted. */
function decideDispute(before: BatchState, phase: Disputed, root: Bytes32, now: UnixSeconds): BatchState {
  const { votes, record, claim } = phase;
  const losers = [...before.seats, ...votes].filter((vote) => vote.root !== undefined && vote.root !== root);
  const convicted = losers.reduce((judged, { operator }) => convict(judged, operator, now), before);
  const state: BatchState = { ...convicted, disputeEnded: now, ledger: settleClaim(convicted.ledger, phase, root) };
  const voters = votes.filter((vote) => vote.root === root).map(({ operator }) => operator);
  const paid = payReferees(state, voters, record === undefined ? signersOf(state, root).length : 0);
  const settled = { ...state, ledger: payBounty({ ...state, ledger: paid }, claim, root) };
  const accepted = accept(settled, root, record?.at ?? now, 'referees');
  invariant(accepted.phase.kind === 'accepted', 'A verdict is accepted', { root });
  return accepted;
}

/** The disputer has its bond back when the accepted root lost; otherwise its bond is what the loser forfeits. */
function settleClaim(ledger: Ledger, { record, claim }: Disputed, root: Bytes32): Ledger {
  if (claim === undefined) return ledger;
  return moveAll(ledger, 'disputeBond', record?.root === root ? 'forfeited' : `disputer:${claim.disputer}`);
}

/** One seat's pay for who was right. */
function payBounty({ ledger, rules }: BatchState, claim: DisputeClaim | undefined, root: Bytes32): Ledger {
  return claim?.root === root ? moveUpTo(ledger, 'forfeited', `disputer:${claim.disputer}`, rules.pay) : ledger;
}

/** Referees are paid for each execution: by the losers, from the penalties, from what the lock has to spare, by the fund. */
function payReferees(state: BatchState, voters: readonly number[], seatsOwed: number): Ledger {
  const { pay } = state.rules;
  const spare = balance(state.ledger, 'lock') - pay * BigInt(seatsOwed);
  const sources: readonly (readonly [Pot, bigint])[] = [
    ['forfeited', balance(state.ledger, 'forfeited')],
    ['penalties', balance(state.ledger, 'penalties')],
    ['lock', spare > 0n ? spare : 0n],
    ['fund', balance(state.ledger, 'fund')],
  ];
  const pooled = sources.reduce<Ledger>((ledger, [pot, most]) => {
    const due = pay * BigInt(voters.length) - balance(ledger, 'referees');
    return moveUpTo(ledger, pot, 'referees', due < most ? due : most);
  }, state.ledger);
  return voters.reduce<Ledger>((ledger, operator) => moveUpTo(ledger, 'referees', `operator:${operator}`, pay), pooled);
}

/** Nobody is convicted. An accepted batch stays accepted and the disputer pays; a batch that was not accepted is void. */
function endUndecided(before: BatchState, { votes, record, claim }: Disputed, now: UnixSeconds): BatchState {
  const state: BatchState = { ...before, disputeEnded: now };
  const ledger = claim === undefined ? state.ledger : moveAll(state.ledger, 'disputeBond', 'forfeited');
  const paid = {
    ...state,
    ledger: payReferees(
      { ...state, ledger },
      votes.map(({ operator }) => operator),
      0,
    ),
  };
  return record === undefined ? endVoid(paid) : { ...paid, phase: { kind: 'accepted', record } };
}
