import { smaller } from '../../uint256.ts';
import { type BatchState, batchLock } from './BatchState.ts';
import { vaultOf } from './convicting.ts';
import { balance, type Ledger, move, moveAll, moveUpTo } from './ledger.ts';
import { liveSeats } from './seats.ts';

/** What no claim is left for. */
export const burnRest = (ledger: Ledger): Ledger =>
  ['forfeited', 'penalties', 'lock'].reduce((left, pot) => moveAll(left, pot, 'burned'), ledger);

/**
 * The sponsor gets back all that has not returned yet: from the lock, then from what was forfeited, then from unvested pay.
 * Penalties of the silent pay the seats that worked, up to their pay. What is left of a vault is its operator's, the rest is burned.
 */
export function endVoid(state: BatchState): BatchState {
  const vaults = [...state.earlier, ...signersInVaults(state)].map((signer) => ({ vault: vaultOf(signer), operator: signer.operator }));
  let ledger = state.ledger;
  for (const pot of ['lock', 'forfeited', ...vaults.map(({ vault }) => vault)]) {
    ledger = moveUpTo(ledger, pot, 'sponsor', batchLock(state.terms) - balance(ledger, 'sponsor'));
  }
  for (const { vault, operator } of vaults) ledger = moveAll(ledger, vault, `operator:${operator}`);
  for (const { operator } of liveSeats(state)) {
    ledger = move(ledger, 'penalties', `operator:${operator}`, smaller(state.rules.pay, balance(ledger, 'penalties')));
  }
  return { ...state, ledger: burnRest(ledger), phase: { kind: 'void' } };
}

const signersInVaults = ({ seats, round }: BatchState): { round: number; seat: number; operator: number }[] =>
  seats.map(({ operator }, seat) => ({ round, seat, operator }));
