import { assertNever } from '@gleaner/primitives';
import { type BatchEvent, type BatchOutcome, EventRefused } from './BatchEvent.ts';
import type { BatchState } from './BatchState.ts';
import { applyCommit, applyReportPassed } from './committing.ts';
import { applyDispute, applyReferees, applySettleDispute } from './disputing.ts';
import { applyJudgeAgain, applyRelease, expelElsewhere } from './ending.ts';
import { moveAll } from './ledger.ts';
import { applyCloseLate, applyConvictUnopened, applyOpen, applyReplaceUnready, settleRoots } from './opening.ts';

/**
 * One batch of the assured regime as a function of its messages: the state after one, or why it is refused.
 * The state given is never changed. Money only moves between pots of the ledger.
 * Not modelled: signatures and proofs of seeds (the caller's), gas, several batches of one bond (`convictedElsewhere` and `openElsewhere`
 * stand for them), disputes about one task (roots are judged as a whole), data challenges, the sealed hour of a dispute, expulsion after three silences,
 * the three quarters of a bond, the load limits of a match.
 */
export function applyBatchEvent(state: BatchState, event: BatchEvent): BatchOutcome {
  try {
    return { state: burnAfterEnd(run(state, lowerCased(event))) };
  } catch (error) {
    if (error instanceof EventRefused) return { refused: error.refusal };
    throw error;
  }
}

/** Two spellings of the same bytes are the same root, seal or salt. */
function lowerCased<T>(value: T): T {
  if (typeof value === 'string') return (value.startsWith('0x') ? value.toLowerCase() : value) as T;
  if (Array.isArray(value)) return value.map(lowerCased) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, lowerCased(entry)])) as T;
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
