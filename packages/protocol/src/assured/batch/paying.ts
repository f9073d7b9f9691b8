import { larger, smaller } from '../../uint256.ts';
import { divideSeatPay, type SeatShares } from '../seatPay.ts';
import type { BatchState, Signer } from './BatchState.ts';
import { balance, type Ledger, move, moveAll, moveUpTo, type Pot } from './ledger.ts';
import { isExpelled, seatName } from './seats.ts';

export const vaultOf = (seat: { readonly round: number; readonly seat: number }): Pot => `vault:${seatName(seat)}`;

const sharesOf = ({ rules, terms }: BatchState): SeatShares => divideSeatPay(rules.pay, terms.schedulerPercent);

/** The fee of a step of a batch in time: from the lock's fees. Whoever was convicted pays for the steps of later rounds. */
export function payStep(state: BatchState, ledger: Ledger, carrier: string): Ledger {
  if (state.round > 1) return payConvictionStep(state, ledger, carrier);
  return payFee(ledger, carrier, state.terms.stepFee, [['fees'], ['forfeited']]);
}

/**
 * The fee of a step that a conviction makes necessary: from what was forfeited beyond the pay of a fresh seat, then from the lock's
 * fees, and from the rest only where nothing else is left: a round is worth more than a fee.
 */
export function payConvictionStep({ terms, rules }: BatchState, ledger: Ledger, carrier: string): Ledger {
  return payFee(ledger, carrier, terms.stepFee, [['forfeited', rules.pay], ['fees'], ['forfeited']]);
}

/** @param sources in this order; of each, so much stays in it */
function payFee(ledger: Ledger, carrier: string, fee: bigint, sources: readonly (readonly [Pot, bigint?])[]): Ledger {
  const pot = `carrier:${carrier}`;
  const due = balance(ledger, pot) + fee;
  return sources.reduce<Ledger>((paid, [source, kept = 0n]) => {
    const most = larger(0n, balance(paid, source) - kept);
    return move(paid, source, pot, smaller(due - balance(paid, pot), most));
  }, ledger);
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
