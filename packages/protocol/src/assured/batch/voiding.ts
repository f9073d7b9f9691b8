import type { BatchState } from './BatchState.ts';
import { batchLock } from './BatchTerms.ts';
import { balance, type Ledger, moveAll, moveUpTo } from './ledger.ts';
import { burnRest, payVault } from './paying.ts';

/** Of the sponsor, and not yet anybody else's. */
const SPONSORS = ['lock', 'app price', 'dataset price', 'fees', 'vault:app', 'vault:dataset'] as const;

/**
 * The sponsor gets back its lock and the prices of app and data set, then what was forfeited, up to all that it paid.
 * Pay that vests stays its operator's: it was right as far as anybody knows.
 */
export function endVoid(state: BatchState): BatchState {
  let ledger = SPONSORS.reduce<Ledger>((left, pot) => moveAll(left, pot, 'sponsor'), state.ledger);
  for (const pot of ['rerun', 'forfeited']) {
    const missing = batchLock(state.terms) - balance(ledger, 'sponsor');
    if (missing > 0n) ledger = moveUpTo(ledger, pot, 'sponsor', missing);
  }
  for (const seat of state.seats) ledger = payVault(state, ledger, seat);
  return { ...state, ledger: burnRest(ledger), phase: { kind: 'void' } };
}
