import { type Address, GleanerError } from '@gleaner/primitives';
import { assertTrust, maxSeats } from '../acceptance.ts';
import type { BatchId } from '../batches.ts';
import { disputeBond } from '../bond.ts';
import { assertAmount, assertAmounts } from '../checks/assertAmount.ts';
import { assertBytes, assertWord } from '../checks/assertBytes.ts';
import { assertTimeref } from '../checks/assertTime.ts';
import { assertWhole } from '../checks/assertWhole.ts';
import { outOfRange } from '../checks/outOfRange.ts';
import { escrowFor, type TaskPrices } from '../escrow.ts';
import { type RefereeRule, refereeRule } from '../referee.ts';
import { SAMPLING_FLOOR, SAMPLING_UNIT } from '../sampling.ts';
import { MAX_SCHEDULER_PERCENT, silencePenalty } from '../seatPay.ts';
import { assertShare, type HostileShare } from '../shares.ts';

/** Frozen when the deal is made. */
export interface BatchTerms {
  readonly batchId: BatchId;
  readonly requester: Address;
  readonly trust: number;
  readonly share: HostileShare;
  /** Credibility counts as 0. */
  readonly withoutHistory: boolean;
  readonly prices: TaskPrices;
  /** At least 1. */
  readonly tasks: bigint;
  /** T of the category, in seconds. */
  readonly timeref: bigint;
  /** In 1/65536, 6 554 … 65 536: `samplingRate`. */
  readonly samplingRate: number;
  /** 0 … 20. */
  readonly schedulerPercent: bigint;
  /** Paid at once to whoever carries a step. */
  readonly stepFee: bigint;
  /** S of the class, at least 1. */
  readonly seatBond: bigint;
  /** Constant of the class in `silencePenalty`. */
  readonly silenceConstant: bigint;
  /** Seconds from a commitment to the block of the next seed, at least 1. */
  readonly seedDelay: bigint;
}

/** What follows from the terms; made once. */
export interface BatchRules {
  readonly referees: RefereeRule;
  readonly maxSeats: number;
  /** Of one seat, and of one execution by a referee. */
  readonly pay: bigint;
  readonly silencePenalty: bigint;
  /** What a dispute in the window costs its author up front; it pays the referees when the author is wrong. */
  readonly disputeBond: bigint;
}

/**
 * @throws {GleanerError} order-invalid for terms that a match would refuse: a batch with them might not end
 */
export function rulesOf(terms: BatchTerms): BatchRules {
  try {
    assertTerms(terms);
  } catch (error) {
    if (!(error instanceof GleanerError)) throw error;
    throw new GleanerError('order-invalid', `Terms of an assured batch are out of range: ${error.message}`, {
      details: error.details,
      cause: error,
    });
  }
  const { trust, share, tasks, prices, silenceConstant } = terms;
  const pay = tasks * prices.workerpool;
  return {
    referees: refereeRule(trust, share),
    maxSeats: maxSeats(trust, share),
    pay,
    silencePenalty: silencePenalty({ pay, constant: silenceConstant }),
    disputeBond: disputeBond({ price: pay, share }),
  };
}

function assertTerms(terms: BatchTerms): void {
  const { prices, stepFee, silenceConstant, withoutHistory } = terms;
  assertTrust(terms.trust);
  assertShare(terms.share);
  assertWord('batchId', terms.batchId);
  assertBytes('requester', terms.requester, 20);
  if (typeof withoutHistory !== 'boolean') throw outOfRange('withoutHistory', withoutHistory, 'true or false');
  assertAmounts({ app: prices.app, dataset: prices.dataset, workerpool: prices.workerpool, stepFee, silenceConstant });
  for (const field of ['tasks', 'seatBond', 'seedDelay'] as const) assertAmount(field, terms[field], 1n);
  assertTimeref(terms.timeref);
  assertAmount('schedulerPercent', terms.schedulerPercent, 0n, MAX_SCHEDULER_PERCENT);
  assertWhole('samplingRate', terms.samplingRate, SAMPLING_FLOOR, SAMPLING_UNIT);
}

/** What the sponsor locked for the batch. */
export function batchLock({ prices, tasks, trust, share, stepFee }: BatchTerms): bigint {
  return escrowFor(prices, { tasks, batches: 1n, seats: maxSeats(trust, share), stepFee });
}
