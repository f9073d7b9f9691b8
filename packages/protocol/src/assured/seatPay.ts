import { GleanerError } from '@gleaner/primitives';
import { percentDown, smaller } from '../uint256.ts';
import { assertAmount, assertAmounts } from './checks/assertAmount.ts';
import { shown } from './checks/shown.ts';

/** Share of every seat's pay that goes to the fund of the class. */
const FUND_PERCENT = 1n;

/** Most that a scheduler gets of a seat's pay. */
export const MAX_SCHEDULER_PERCENT = 20n;

export interface SeatShares {
  readonly fund: bigint;
  readonly scheduler: bigint;
  readonly operator: bigint;
}

/**
 * Divides the pay of one seat. Percentages are rounded down; what is left goes to the operator.
 * @param schedulerPercent of the pool, 0 … 20
 * @throws {GleanerError} order-invalid for another share of the scheduler, bad-request for a negative pay
 */
export function divideSeatPay(pay: bigint, schedulerPercent: bigint): SeatShares {
  assertAmount('pay', pay);
  if (typeof schedulerPercent !== 'bigint' || schedulerPercent < 0n || schedulerPercent > MAX_SCHEDULER_PERCENT) {
    throw new GleanerError(
      'order-invalid',
      `A scheduler gets 0 to ${MAX_SCHEDULER_PERCENT} % of a seat's pay in an assured deal; the pool asks for ${shown(schedulerPercent)} %`,
      { details: { schedulerPercent: shown(schedulerPercent) } },
    );
  }
  const fund = percentDown(pay, FUND_PERCENT);
  const scheduler = percentDown(pay, schedulerPercent);
  return { fund, scheduler, operator: pay - fund - scheduler };
}

/**
 * What an operator loses that lets its attempt pass: min(R, constant of the class). It does not grow with the number of silences.
 * @throws {GleanerError} bad-request for a negative amount
 */
export function silencePenalty({ pay, constant }: { readonly pay: bigint; readonly constant: bigint }): bigint {
  assertAmounts({ pay, constant });
  return smaller(pay, constant);
}
