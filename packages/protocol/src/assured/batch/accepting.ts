import type { Bytes32, UnixSeconds } from '@gleaner/primitives';
import { addCredibility, checkCredit } from '../credibility.ts';
import { chargeBatch, divideSeatPay, pour, type SeatShares } from '../price.ts';
import type { AcceptanceRecord, BatchState, OperatorAccount, Seat } from './BatchState.ts';
import { vaultOf } from './convicting.ts';
import { type Ledger, move, moveAll } from './ledger.ts';
import { signersOf } from './seats.ts';

/** Steps that each seat's pay covers: its commitment, its opening, its release. */
const PAID_STEPS = 3n;

export function sharesOf({ rules, terms }: BatchState): SeatShares {
  return divideSeatPay(rules.pay, { schedulerPercent: terms.schedulerPercent, carrierFees: PAID_STEPS * terms.stepFee });
}

/** Fees of the three steps of a seat, as far as its pay reaches. */
export function stepFees(state: BatchState): { readonly commit: bigint; readonly open: bigint; readonly release: bigint } {
  const { stepFee } = state.terms;
  const [commit, open, release] = pour(sharesOf(state).carriers, [stepFee, stepFee]) as [bigint, bigint, bigint];
  return { commit, open, release };
}

/** The result counts: seats are paid into their vaults, app and data set at once, and what is left of the lock returns. */
export function accept(state: BatchState, root: Bytes32, now: UnixSeconds, by: AcceptanceRecord['by']): BatchState {
  const signers = signersOf(state, root);
  const record: AcceptanceRecord = { root, at: now, signers, by };
  const {
    app,
    dataset,
    seat: pay,
  } = chargeBatch(state.terms.prices, state.terms.tasks, { seats: signers.length, locked: state.rules.maxSeats });
  const fees = stepFees(state);
  let ledger = state.ledger;
  if (state.round === 0) ledger = move(move(ledger, 'lock', 'app', app), 'lock', 'dataset', dataset);
  for (const signer of signers) {
    const { committedBy, openedBy } = state.seats[signer.seat] as Seat;
    ledger = move(ledger, 'lock', vaultOf(signer), pay);
    ledger = move(ledger, vaultOf(signer), `carrier:${committedBy}`, fees.commit);
    ledger = move(ledger, vaultOf(signer), `carrier:${openedBy}`, fees.open);
  }
  return {
    ...state,
    ledger: burnPenalties(returnLock(state, ledger)),
    operators: by === 'seats' ? credited(state, signers) : state.operators,
    phase: { kind: 'accepted', record },
  };
}

/** The first lock is the sponsor's; later rounds are paid by those convicted. */
const returnLock = ({ round }: BatchState, ledger: Ledger): Ledger => moveAll(ledger, 'lock', round === 0 ? 'sponsor' : 'forfeited');

const burnPenalties = (ledger: Ledger): Ledger => moveAll(ledger, 'penalties', 'burned');

/** Once per batch, in both classes' counters. */
function credited({ operators }: BatchState, signers: AcceptanceRecord['signers']): OperatorAccount[] {
  const agreed = new Set(signers.map(({ operator }) => operator));
  const gained = (account: OperatorAccount): OperatorAccount => ({
    ...account,
    credibility: {
      standard: addCredibility(account.credibility.standard, checkCredit('standard', signers.length)),
      high: addCredibility(account.credibility.high, checkCredit('high', signers.length)),
    },
  });
  return operators.map((account, operator) => (agreed.has(operator) ? gained(account) : account));
}
