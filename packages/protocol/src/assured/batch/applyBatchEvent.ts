import { assertNever } from '@gleaner/primitives';
import { type BatchEvent, type BatchOutcome, demand, EventRefused } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { applyCloseLate } from './closingLate.ts';
import { applyCommit } from './committing.ts';
import { applyDispute, applyReferees, applySettleDispute } from './disputing.ts';
import { applyJudgeAgain, applyRelease, applySeatsElsewhere, expelElsewhere } from './ending.ts';
import { noteFullness } from './fullness.ts';
import { moveAll } from './ledger.ts';
import { applyOpen } from './opening.ts';
import { applyReportPassed } from './passing.ts';
import { readEvent } from './readEvent.ts';
import { settleRoots } from './settleRoots.ts';
import { applyConvictUnopened, applyReplaceUnready } from './unready.ts';

/**
 * One batch of the assured regime as a function of its messages: the state after one, or why it is refused.
 * The state given is never changed. Money only moves between pots of the ledger.
 * Not modelled: signatures and proofs of seeds (the caller's), gas, several batches of one bond (`convictedElsewhere` and `seatsElsewhere`
 * stand for them), disputes about one task (roots are judged as a whole), data challenges, the sealed hour of a dispute,
 * the three quarters of a bond. What a match refuses: `checkAssuredMatch`.
 */
export function applyBatchEvent(state: BatchState, event: BatchEvent): BatchOutcome {
  try {
    const read = readEvent(event);
    demand(read.now >= state.at, 'time-reversed');
    return { state: noteFullness({ ...burnAfterEnd(run(state, read)), at: read.now }) };
  } catch (error) {
    if (error instanceof EventRefused) return { refused: error.refusal };
    throw error;
  }
}

function run(state: BatchState, event: BatchEvent): BatchState {
  switch (event.kind) {
    case 'commit':
      return applyCommit(state, event);
    case 'reportPassed':
      return applyReportPassed(state, event);
    case 'open':
      return applyOpen(state, event);
    case 'replaceUnready':
      return applyReplaceUnready(state, event);
    case 'convictUnopened':
      return settleRoots(applyConvictUnopened(state, event), event.now);
    case 'closeLate':
      return applyCloseLate(state, event);
    case 'dispute':
      return applyDispute(state, event);
    case 'referees':
      return applyReferees(state, event);
    case 'settleDispute':
      return applySettleDispute(state, event);
    case 'convictedElsewhere':
      return settleRoots(expelElsewhere(state, event), event.now);
    case 'seatsElsewhere':
      return applySeatsElsewhere(state, event);
    case 'judgeAgain':
      return applyJudgeAgain(state, event);
    case 'release':
      return applyRelease(state, event);
    default:
      return assertNever(event);
  }
}

/** A batch that has ended has no claims left: what is forfeited afterwards is burned. */
function burnAfterEnd(state: BatchState): BatchState {
  if (state.phase.kind !== 'final' && state.phase.kind !== 'void') return state;
  return { ...state, ledger: moveAll(state.ledger, 'forfeited', 'burned') };
}
