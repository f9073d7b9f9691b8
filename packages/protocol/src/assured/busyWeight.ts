import { assertAmount } from './checks/assertAmount.ts';

/** Nano-tokens of a whole token. */
const NANO_PER_TOKEN = 1_000_000_000n;
/** Seat bonds that a batch counts for between match and acceptance. */
const BONDS_PER_BATCH = 2n;

/**
 * Weight that a deal keeps busy between its match and the acceptance of its batches: two seat bonds for each.
 * @param seatBond in nano-tokens
 * @returns whole tokens, rounded up
 * @throws {GleanerError} bad-request for a negative bond or number of batches
 */
export function busyWeight({ seatBond, batches }: { readonly seatBond: bigint; readonly batches: bigint }): bigint {
  assertAmount('seatBond', seatBond);
  assertAmount('batches', batches);
  return (BONDS_PER_BATCH * seatBond * batches + NANO_PER_TOKEN - 1n) / NANO_PER_TOKEN;
}
