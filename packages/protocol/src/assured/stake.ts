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

/** Seats that an operator may hold at once: one for every whole seat bond. */
export function operatorCapacity({ bond, seatBond }: { readonly bond: bigint; readonly seatBond: bigint }): bigint {
  return bond / seatBond;
}
