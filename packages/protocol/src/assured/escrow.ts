import { assertAmounts } from './checks/assertAmount.ts';
import { assertWhole } from './checks/assertWhole.ts';

/** Prices of one task, in nano-tokens; the pool's is for one seat. */
export interface TaskPrices {
  readonly app: bigint;
  readonly dataset: bigint;
  readonly workerpool: bigint;
}

/** Steps of a batch whose carriers its lock pays: commit, open and one report for each seat, and six for the batch. */
const STEPS_PER_SEAT = 3;
const STEPS_PER_BATCH = 6;

/**
 * Fees of the steps that a deal locks money for.
 * @param seats `maxSeats`, 1 … 255
 * @throws {GleanerError} bad-request for a negative amount, or another number of seats
 */
export function stepFees({
  stepFee,
  seats,
  batches,
}: {
  readonly stepFee: bigint;
  readonly seats: number;
  readonly batches: bigint;
}): bigint {
  assertAmounts({ stepFee, batches });
  assertWhole('seats', seats, 1, 255);
  return batches * stepFee * BigInt(STEPS_PER_SEAT * seats + STEPS_PER_BATCH);
}

/**
 * What is locked at the match: app and data set once per task, the pool's price for every seat there can be, and the fees of all steps.
 * @param seats `maxSeats`, 1 … 255
 * @throws {GleanerError} bad-request for a negative amount, or another number of seats
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
  assertAmounts({ app, dataset, workerpool, tasks });
  return stepFees({ stepFee, seats, batches }) + tasks * (app + dataset + workerpool * BigInt(seats));
}
