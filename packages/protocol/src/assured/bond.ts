import { larger } from '../uint256.ts';
import { assertAmount, assertAmounts } from './checks/assertAmount.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { type AtStake, SAMPLING_FLOOR, SAMPLING_UNIT } from './sampling.ts';
import { assertShare, type HostileShare, hostileShare } from './shares.ts';

/**
 * Least bond with which cheating does not pay at this sampling rate: S ≥ (g + R)/d − (g + R), d = a·(1 − f̂).
 * It is the inverse of `samplingRate`: with this bond the rate is enough, with one unit less it is not.
 * @param rate in 1/65536, 6 554 … 65 536; at 65 536 it is the least bond that can back the value at all
 * @returns nano-tokens, rounded up; 0 for a value and pay of 0
 * @throws {GleanerError} bad-request for another rate or a negative amount, order-invalid for an unknown share
 */
export function requiredBond({
  value,
  pay,
  share,
  rate,
}: Omit<AtStake, 'bond'> & { readonly share: HostileShare; readonly rate: number }): bigint {
  assertAmounts({ value, pay });
  assertWhole('rate', rate, SAMPLING_FLOOR, SAMPLING_UNIT);
  const { hostile, of } = hostileShare(share);
  const gain = value + pay;
  const detection = BigInt(rate) * (of - hostile);
  return larger(0n, (gain * of * BigInt(SAMPLING_UNIT) + detection - 1n) / detection - gain);
}

/** Executions that a dispute is expected to take at f = f̂ (27.6 and 115.2 votes), rounded up with some to spare. */
const DISPUTE_EXECUTIONS = { standard: 32n, high: 120n } as const satisfies Record<HostileShare, bigint>;

/**
 * What a disputer puts up: the executions that its dispute is expected to take, at the price of one for what is in question
 * (the seat price of a task, or the pay of a seat where the root of a batch is the question).
 * @throws {GleanerError} bad-request for a negative price, order-invalid for an unknown share
 */
export function disputeBond({ price, share }: { readonly price: bigint; readonly share: HostileShare }): bigint {
  assertShare(share);
  assertAmount('price', price);
  return DISPUTE_EXECUTIONS[share] * price;
}

/**
 * Least bond of a seat for a deal, so that a conviction pays its own dispute and one rerun: (maxSeats + 32)·R, at the high share
 * (maxSeats + 120)·R.
 * @throws {GleanerError} bad-request for a negative pay or a number of seats outside 1 … 255, order-invalid for an unknown share
 */
export function leastSeatBond({
  pay,
  share,
  maxSeats,
}: {
  readonly pay: bigint;
  readonly share: HostileShare;
  readonly maxSeats: number;
}): bigint {
  assertWhole('maxSeats', maxSeats, 1, 255);
  return disputeBond({ price: pay, share }) + BigInt(maxSeats) * pay;
}

/**
 * Seats that an operator may hold open at once (committed, not yet opened): one for every whole seat bond.
 * @throws {GleanerError} bad-request for a negative bond or a seat bond below 1
 */
export function operatorCapacity({ bond, seatBond }: { readonly bond: bigint; readonly seatBond: bigint }): bigint {
  assertAmount('bond', bond);
  assertAmount('seatBond', seatBond, 1n);
  return bond / seatBond;
}
