import { windowEnd } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { expel } from './convicting.ts';
import { type Ledger, moveAll, moveUpTo } from './ledger.ts';
import { burnRest, payStep, payVault } from './paying.ts';
import { nextRound } from './rounds.ts';
import { isExpelled } from './seats.ts';

/** The window is over and no signer was convicted meanwhile: what has vested is paid. */
export function applyRelease(state: BatchState, { carrier, now }: EventNamed<'release'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  const { record } = phase;
  demand(now >= windowEnd(record.at, state.disputeEnded), 'too-early');
  demand(record.by === 'referees' || !record.signers.some(({ operator }) => isExpelled(state, operator)), 'signer-convicted');
  const paid = state.seats.reduce<Ledger>((ledger, seat) => payVault(state, ledger, seat), payStep(state, state.ledger, carrier));
  const vested = moveAll(moveAll(moveAll(paid, 'vault:app', 'app'), 'vault:dataset', 'dataset'), 'fees', 'sponsor');
  return { ...state, ledger: burnRest(vested), phase: { kind: 'final', record } };
}

/** A signer was convicted: fresh seats check the batch, whatever the others are worth. */
export function applyJudgeAgain(state: BatchState, { carrier, now }: EventNamed<'judgeAgain'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  const { record } = phase;
  demand(record.by === 'seats', 'verdict-stands');
  demand(
    record.signers.some(({ operator }) => isExpelled(state, operator)),
    'nobody-convicted',
  );
  return nextRound({ ...state, ledger: payStep(state, state.ledger, carrier) }, now);
}

/** Another batch took the bond; what it leaves for this one comes with the message. */
export function expelElsewhere(state: BatchState, { operator, compensation, now }: EventNamed<'convictedElsewhere'>): BatchState {
  demand(state.operators[operator] !== undefined, 'no-such-seat');
  demand(!isExpelled(state, operator), 'expelled');
  const taken = moveAll(state.ledger, `bond:${operator}`, 'elsewhere');
  return expel({ ...state, ledger: moveUpTo(taken, 'elsewhere', 'forfeited', compensation) }, operator, now);
}
