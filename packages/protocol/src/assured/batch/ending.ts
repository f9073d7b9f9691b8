import { windowEnd } from '../schedule.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { expel } from './convicting.ts';
import { type Ledger, moveAll, moveUpTo } from './ledger.ts';
import { burnRest, payConvictionStep, payStep, payVault } from './paying.ts';
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

/** A signer was convicted: fresh seats check the batch, whatever the others are worth. Who asks for it is paid by the convicted. */
export function applyJudgeAgain(state: BatchState, { carrier, now }: EventNamed<'judgeAgain'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  const { record } = phase;
  demand(record.by === 'seats', 'verdict-stands');
  demand(
    record.signers.some(({ operator }) => isExpelled(state, operator)),
    'nobody-convicted',
  );
  return nextRound({ ...state, ledger: payConvictionStep(state, state.ledger, carrier) }, now);
}

/** Another batch took the bond; what it leaves for this one comes with the message. */
export function expelElsewhere(state: BatchState, { operator, compensation, now }: EventNamed<'convictedElsewhere'>): BatchState {
  demand(operator < state.operators.length, 'no-such-operator');
  demand(!isExpelled(state, operator), 'expelled');
  const taken = moveAll(state.ledger, `bond:${operator}`, 'elsewhere');
  return expel({ ...state, ledger: moveUpTo(taken, 'elsewhere', 'forfeited', compensation) }, operator, now);
}

/** How full an operator is depends on all its batches. */
export function applySeatsElsewhere(state: BatchState, { operator, open }: EventNamed<'seatsElsewhere'>): BatchState {
  demand(operator < state.operators.length, 'no-such-operator');
  return {
    ...state,
    operators: state.operators.map((account, index) => (index === operator ? { ...account, openElsewhere: open } : account)),
  };
}
