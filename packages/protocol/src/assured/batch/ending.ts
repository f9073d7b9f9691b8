import type { UnixSeconds } from '@gleaner/primitives';
import { isEnough } from '../acceptance.ts';
import { disputeDeadline, graceDeadline, openingDeadline, windowEnd } from '../schedule.ts';
import { sharesOf, stepFees } from './accepting.ts';
import { demand, type EventNamed } from './BatchEvent.ts';
import type { BatchPhase, BatchState, Seat, Signer } from './BatchState.ts';
import { deadlineOf, seedAfter } from './committing.ts';
import { expel, vaultOf } from './convicting.ts';
import { abandonDispute } from './disputing.ts';
import { balance, type Ledger, move, moveAll, moveUpTo } from './ledger.ts';
import { isExpelled } from './seats.ts';
import { burnRest, endVoid } from './voiding.ts';

/** The window is over and no signer was convicted meanwhile: the vaults are paid out. */
export function applyRelease(state: BatchState, { carrier, now }: EventNamed<'release'>): BatchState {
  const { phase } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  const { record } = phase;
  demand(now >= windowEnd(record.at), 'too-early');
  demand(record.by === 'referees' || !record.signers.some(({ operator }) => isExpelled(state, operator)), 'signer-convicted');
  const paid = [...record.signers, ...state.earlier].reduce((ledger, signer) => payVault(state, ledger, signer, carrier), state.ledger);
  return { ...state, ledger: burnRest(paid), phase: { kind: 'final', record } };
}

/** Pays out one vault; it is empty when its operator was convicted. */
function payVault(state: BatchState, ledger: Ledger, signer: Signer, carrier: string): Ledger {
  const vault = vaultOf(signer);
  if (balance(ledger, vault) === 0n) return ledger;
  const { fund, scheduler } = sharesOf(state);
  const paid = move(move(ledger, vault, 'fund', fund), vault, 'scheduler', scheduler);
  return moveAll(move(paid, vault, `carrier:${carrier}`, stepFees(state).release), vault, `operator:${signer.operator}`);
}

/** A signer was convicted: the batch stands without it, or is drawn afresh at its cost, or ends with the price returned. */
export function applyJudgeAgain(state: BatchState, { carrier, now }: EventNamed<'judgeAgain'>): BatchState {
  const { phase, rules } = state;
  demand(phase.kind === 'accepted', 'wrong-phase');
  const { record } = phase;
  demand(record.by === 'seats', 'verdict-stands');
  const left = record.signers.filter(({ operator }) => !isExpelled(state, operator));
  demand(left.length < record.signers.length, 'nobody-convicted');
  const ledger = moveUpTo(state.ledger, 'forfeited', `carrier:${carrier}`, state.terms.stepFee);
  const paid = { ...state, ledger };
  if (
    isEnough(
      rules.thresholds,
      left.length,
      left.reduce((sum, { credibility }) => sum + credibility, 0),
    )
  ) {
    return { ...paid, phase: { kind: 'accepted', record: { ...record, signers: left } } };
  }
  const rerun = rules.pay * BigInt(rules.maxSeats);
  const reopened = { ...paid, earlier: [...state.earlier, ...left] };
  return balance(ledger, 'forfeited') >= rerun ? nextRound(reopened, rerun, now) : endVoid(reopened);
}

function nextRound(state: BatchState, cost: bigint, now: UnixSeconds): BatchState {
  return {
    ...state,
    ledger: move(state.ledger, 'forfeited', 'lock', cost),
    round: state.round + 1,
    roundStart: now,
    seats: [],
    reported: new Set(),
    sampled: false,
    phase: { kind: 'drawing', seedAt: seedAfter(state, now) },
  };
}

/** Another batch took the bond; what it leaves for this one comes with the message. */
export function expelElsewhere(state: BatchState, { operator, compensation, now }: EventNamed<'convictedElsewhere'>): BatchState {
  demand(state.operators[operator] !== undefined, 'no-such-seat');
  demand(!isExpelled(state, operator), 'expelled');
  const taken = moveAll(state.ledger, `bond:${operator}`, 'elsewhere');
  return expel({ ...state, ledger: moveUpTo(taken, 'elsewhere', 'forfeited', compensation) }, operator, now);
}

/** A time is over that nobody kept: the batch ends in a refund. */
export function applyVoid(state: BatchState, { now }: EventNamed<'void'>): BatchState {
  const { phase } = state;
  demand(phase.kind !== 'accepted' && phase.kind !== 'final' && phase.kind !== 'void', 'wrong-phase');
  demand(now >= voidableAt(state, phase), 'too-early');
  return phase.kind === 'disputed' ? abandonDispute(state, phase) : endVoid(withGrace(state, now));
}

/** Openings that are running are waited for. */
export function voidableAt(state: BatchState, phase: BatchPhase): UnixSeconds {
  if (phase.kind === 'disputed') return disputeDeadline(phase.since);
  const deadline = deadlineOf(state);
  if (phase.kind !== 'opening' && phase.kind !== 'sampling') return deadline;
  const opened = openingDeadline(phase.kind === 'opening' ? phase.closedAt : phase.seedAt, state.terms.timeref);
  return opened > deadline ? opened : deadline;
}

/** A set that was, or may have been, closed must still be opened, or its members are convicted: a refund is no way out. */
function withGrace(state: BatchState, now: UnixSeconds): BatchState {
  if (state.phase.kind !== 'opening' && state.phase.kind !== 'sampling') return state;
  const isMissing = (seat: Seat): boolean => seat.root === undefined && seat.graceUntil === undefined;
  return { ...state, seats: state.seats.map((seat) => (isMissing(seat) ? { ...seat, graceUntil: graceDeadline(now) } : seat)) };
}
