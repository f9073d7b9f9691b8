import type { UnixSeconds } from '@gleaner/primitives';
import { larger } from '../../uint256.ts';
import { openingDeadline, windowEnd } from '../schedule.ts';
import { accept } from './accepting.ts';
import type { BatchPhase, BatchState } from './BatchState.ts';
import { convict } from './convicting.ts';
import { seedAfter } from './deadlines.ts';
import { startDispute } from './disputing.ts';
import { phaseAfterSeat, wouldBeEnough } from './evidence.ts';
import { startGrace } from './grace.ts';
import { nextRound } from './rounds.ts';
import { earlierSeats, isRootPublic, liveSeats, openedRoots, unopenedSeats } from './seats.ts';

type Opening = Extract<BatchPhase, { kind: 'opening' }>;

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
