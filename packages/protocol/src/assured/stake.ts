import { larger } from '../uint256.ts';
import { type AtStake, SAMPLING_UNIT } from './sampling.ts';
import { HOSTILE_SHARES, type HostileShare } from './shares.ts';

/**
 * Least bond with which cheating does not pay at this sampling rate: S ≥ (g + R)/d − (g + R), d = a·(1 − f̂).
 * It is the inverse of `samplingRate`: with this bond the rate is enough, with one unit less it is not.
 * @param rate in 1/65536, 6 554 … 65 536; at 65 536 it is the least bond that can back the value at all
 * @returns nano-tokens, rounded up; 0 for a value and pay of 0
 */
export function requiredBond({
  value,
  pay,
  share,
  rate,
}: Omit<AtStake, 'bond'> & { readonly share: HostileShare; readonly rate: number }): bigint {
  const gain = value + pay;
  const { hostile, of } = HOSTILE_SHARES[share];
  const detection = BigInt(rate) * (of - hostile);
  return larger(0n, (gain * of * BigInt(SAMPLING_UNIT) + detection - 1n) / detection - gain);
}

/** Executions, beside those of a whole rerun, that a conviction must pay: the referees of its own dispute. */
const DISPUTE_EXECUTIONS = { standard: 32n, high: 120n } as const satisfies Record<HostileShare, bigint>;

/** Least bond of a seat for a deal, so that a conviction pays its own dispute and one rerun: (maxSeats + 32)·R, in the high class (maxSeats + 120)·R. */
export function leastSeatBond({
  pay,
  share,
  maxSeats,
}: {
  readonly pay: bigint;
  readonly share: HostileShare;
  readonly maxSeats: number;
}): bigint {
  return (BigInt(maxSeats) + DISPUTE_EXECUTIONS[share]) * pay;
}

/** Seats that an operator may hold open at once (committed, not yet opened): one for every whole seat bond. */
export function operatorCapacity({ bond, seatBond }: { readonly bond: bigint; readonly seatBond: bigint }): bigint {
  return bond / seatBond;
}
