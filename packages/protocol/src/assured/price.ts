import { percentDown, smaller } from '../uint256.ts';

/** Prices of one task, in nano-tokens; the pool's is for one seat. */
export interface TaskPrices {
  readonly app: bigint;
  readonly dataset: bigint;
  readonly workerpool: bigint;
}

/** Share of every seat's pay that goes to the fund of the class. */
const FUND_PERCENT = 1n;

/** What is locked for so many tasks: app and data set once per task, the pool's price for every seat there can be. */
export function escrowFor({ app, dataset, workerpool }: TaskPrices, tasks: bigint, seats: number): bigint {
  return tasks * (app + dataset + workerpool * BigInt(seats));
}

/** What an accepted batch costs, and what returns of its lock at once. Both are exact. */
export interface Charge {
  readonly app: bigint;
  readonly dataset: bigint;
  /** Pay of each seat. */
  readonly seat: bigint;
  readonly refund: bigint;
}

/**
 * @param tasks of the batch
 * @param seats that are paid, at most `locked`
 * @param locked seats for which the lock was made
 */
export function chargeBatch(
  prices: TaskPrices,
  tasks: bigint,
  { seats, locked }: { readonly seats: number; readonly locked: number },
): Charge {
  const seat = tasks * prices.workerpool;
  return { app: tasks * prices.app, dataset: tasks * prices.dataset, seat, refund: seat * BigInt(locked - seats) };
}

export interface SeatShares {
  readonly fund: bigint;
  readonly scheduler: bigint;
  /** For the carriers of this seat's transactions together. */
  readonly carriers: bigint;
  readonly operator: bigint;
}

/**
 * Divides the pay of one seat. Percentages are rounded down; what is left goes to the operator.
 * Where the pay does not reach for all, the fund comes first, then the scheduler, then the carriers.
 * @param schedulerPercent of the pool, 0 … 100
 * @param carrierFees fixed fees of the seat's steps together, in nano-tokens
 */
export function divideSeatPay(
  pay: bigint,
  { schedulerPercent, carrierFees }: { readonly schedulerPercent: bigint; readonly carrierFees: bigint },
): SeatShares {
  const [fund, scheduler, carriers, operator] = pour(pay, [
    percentDown(pay, FUND_PERCENT),
    percentDown(pay, schedulerPercent),
    carrierFees,
  ]);
  return { fund, scheduler, carriers, operator } as SeatShares;
}

export interface SlashClaims {
  /** Referees' pay, and the fee of whoever called for the judgement. */
  readonly dispute: bigint;
  /** Bond and bounty of the disputer; 0 where the opening itself showed the disagreement. */
  readonly disputer: bigint;
  /** Price back, or the rerun, of the batches that are reopened; in the order in which they are judged. */
  readonly requesters: readonly bigint[];
}

export interface SlashSplit {
  readonly dispute: bigint;
  readonly disputer: bigint;
  readonly requesters: readonly bigint[];
  readonly burned: bigint;
}

/** Divides a forfeited bond: claims are met in their order while it lasts, the rest is burned. The scheduler and co-signers get nothing. */
export function splitSlash(forfeited: bigint, { dispute, disputer, requesters }: SlashClaims): SlashSplit {
  const parts = pour(forfeited, [dispute, disputer, ...requesters]);
  return {
    dispute: parts[0] as bigint,
    disputer: parts[1] as bigint,
    requesters: parts.slice(2, -1),
    burned: parts.at(-1) as bigint,
  };
}

/** Fills the claims one after another; the last part is what is left. No part is negative, and their sum is the amount. */
export function pour(amount: bigint, claims: readonly bigint[]): bigint[] {
  let left = amount;
  const filled = claims.map((claim) => {
    const part = smaller(claim, left);
    left -= part;
    return part;
  });
  return [...filled, left];
}
