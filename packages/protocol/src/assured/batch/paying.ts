import { divideSeatPay, type SeatShares } from '../price.ts';
import type { BatchState, Signer } from './BatchState.ts';
import { balance, type Ledger, move, moveAll, moveUpTo, type Pot } from './ledger.ts';
import { isExpelled, seatName } from './seats.ts';

export const vaultOf = (seat: { readonly round: number; readonly seat: number }): Pot => `vault:${seatName(seat)}`;

const sharesOf = ({ rules, terms }: BatchState): SeatShares => divideSeatPay(rules.pay, terms.schedulerPercent);

/** The fee of one step, from the lock's fees while they last, then from what was forfeited. */
export function payStep({ terms }: BatchState, ledger: Ledger, carrier: string): Ledger {
  const pot = `carrier:${carrier}`;
  const before = balance(ledger, pot);
  const paid = moveUpTo(ledger, 'fees', pot, terms.stepFee);
  return moveUpTo(paid, 'forfeited', pot, terms.stepFee - (balance(paid, pot) - before));
}

/** Whether the money set aside for seats pays those that may still be owed, and so many more. */
export function canPaySeats(state: BatchState, more: number): boolean {
  const owed = state.seats.filter((seat) => !seat.givenUp && !isExpelled(state, seat.operator) && !state.paid.has(seatName(seat))).length;
  return balance(state.ledger, 'rerun') + balance(state.ledger, 'lock') >= state.rules.pay * BigInt(owed + more);
}

/** Pay of the signers who have none yet goes into their vaults: from what was reserved for later rounds, then from the lock. */
export function fillVaults(state: BatchState, signers: readonly Signer[]): BatchState {
  const { pay } = state.rules;
  const paid = new Set(state.paid);
  let { ledger } = state;
  for (const signer of signers) {
    if (paid.has(seatName(signer))) continue;
    paid.add(seatName(signer));
    const vault = vaultOf(signer);
    ledger = moveUpTo(ledger, 'rerun', vault, pay);
    ledger = move(ledger, 'lock', vault, pay - balance(ledger, vault));
  }
  return { ...state, paid, ledger };
}

/** Pays out a vault; it is empty when its operator was convicted. */
export function payVault(
  state: BatchState,
  ledger: Ledger,
  { round, seat, operator }: Pick<Signer, 'round' | 'seat' | 'operator'>,
): Ledger {
  const vault = vaultOf({ round, seat });
  if (balance(ledger, vault) === 0n) return ledger;
  const { fund, scheduler } = sharesOf(state);
  const shared = move(move(ledger, vault, 'fund', fund), vault, 'scheduler', scheduler);
  return moveAll(shared, vault, `operator:${operator}`);
}

/** What no claim is left for. */
export const burnRest = (ledger: Ledger): Ledger =>
  ['forfeited', 'rerun', 'penalties'].reduce((left, pot) => moveAll(left, pot, 'burned'), ledger);
