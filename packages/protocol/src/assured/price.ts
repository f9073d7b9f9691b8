import { GleanerError } from '@gleaner/primitives';
import { larger, percentDown, smaller } from '../uint256.ts';

/** Prices of one task, in nano-tokens; the pool's is for one seat. */
export interface TaskPrices {
  readonly app: bigint;
  readonly dataset: bigint;
  readonly workerpool: bigint;
}

/** Share of every seat's pay that goes to the fund of the class. */
const FUND_PERCENT = 1n;

/** Steps of a batch whose carriers its lock pays: commit, open and one report for each seat, and six for the batch. */
const STEPS_PER_SEAT = 3;
const STEPS_PER_BATCH = 6;

/** Fees of the steps that a deal locks money for. */
export function stepFees({
  stepFee,
  seats,
  batches,
}: {
  readonly stepFee: bigint;
  readonly seats: number;
  readonly batches: bigint;
}): bigint {
  return batches * stepFee * BigInt(STEPS_PER_SEAT * seats + STEPS_PER_BATCH);
}

/**
 * What is locked at the match: app and data set once per task, the pool's price for every seat there can be, and the fees of all steps.
 * @param seats `maxSeats`
 */
export function escrowFor(
  { app, dataset, workerpool }: TaskPrices,
  {
    tasks,
    batches,
    seats,
    stepFee,
  }: { readonly tasks: bigint; readonly batches: bigint; readonly seats: number; readonly stepFee: bigint },
): bigint {
  return tasks * (app + dataset + workerpool * BigInt(seats)) + stepFees({ stepFee, seats, batches });
}

/** What an accepted batch costs, and what returns of its lock for seats at once. Both are exact. */
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
 * @throws {GleanerError} order-invalid for a share above 20 %
 */
export function divideSeatPay(pay: bigint, schedulerPercent: bigint): SeatShares {
  if (schedulerPercent < 0n || schedulerPercent > MAX_SCHEDULER_PERCENT) {
    throw new GleanerError(
      'order-invalid',
      `A scheduler gets 0 to ${MAX_SCHEDULER_PERCENT} % of a seat's pay in an assured deal; the pool asks for ${schedulerPercent} %`,
      { details: { schedulerPercent } },
    );
  }
  const fund = percentDown(pay, FUND_PERCENT);
  const scheduler = percentDown(pay, schedulerPercent);
  return { fund, scheduler, operator: pay - fund - scheduler };
}

/** What an operator loses that lets its attempt pass: min(R, constant of the class). It does not grow with the number of silences. */
export function silencePenalty({ pay, constant }: { readonly pay: bigint; readonly constant: bigint }): bigint {
  return smaller(pay, constant);
}

/** An eighth of the weight busy is what the floor aims at, and an eighth is the most by which it moves in an epoch. */
const FLOOR_FRACTION = 8n;

/**
 * Least price of a seat in the next epoch, before the pool's scheduler: rises while more than an eighth of the weight is busy, falls below.
 * floor ± max(1, ⌊floor · |busy − target| / (8 · target)⌋), at most an eighth of the floor and never below the class's minimum.
 * @param busy and total in whole tokens, total at least 8
 */
export function nextPriceFloor({
  floor,
  busy,
  total,
  minimum,
}: {
  readonly floor: bigint;
  readonly busy: bigint;
  readonly total: bigint;
  readonly minimum: bigint;
}): bigint {
  const target = total / FLOOR_FRACTION;
  if (busy === target) return larger(floor, minimum);
  const distance = busy > target ? busy - target : target - busy;
  const most = larger(1n, floor / FLOOR_FRACTION);
  const step = smaller(most, larger(1n, (floor * distance) / (FLOOR_FRACTION * target)));
  return larger(minimum, busy > target ? floor + step : floor - step);
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
function pour(amount: bigint, claims: readonly bigint[]): bigint[] {
  let left = amount;
  const filled = claims.map((claim) => {
    const part = smaller(claim, left);
    left -= part;
    return part;
  });
  return [...filled, left];
}
