import { type Bytes32, type Details, GleanerError } from '@gleaner/primitives';
import { maxSeats } from './acceptance.ts';
import { batchCount } from './batches.ts';
import { leastSeatBond, requiredBond } from './bond.ts';
import { busyWeight } from './busyWeight.ts';
import { assertAmount } from './checks/assertAmount.ts';
import { assertTimeref } from './checks/assertTime.ts';
import { escrowFor, type TaskPrices } from './escrow.ts';
import { type AssuredRegime, declaredValue, matchRegime } from './regime.ts';
import { SAMPLING_UNIT, samplingRate } from './sampling.ts';
import { divideSeatPay, MAX_SCHEDULER_PERCENT } from './seatPay.ts';

/** Prices and fees are kept in 96 bits, the bond of a seat in 64, the volume in 32, weights in 32. */
const MAX_PRICE = 2n ** 96n - 1n;
const MAX_BOND = 2n ** 64n - 1n;
const MAX_VOLUME = 2n ** 32n - 1n;
const MAX_WEIGHT = 2n ** 32n - 1n;
/** Of the weight of a class: a quarter may be busy, and no operator may be so large that the excluded are more than a quarter. */
const LOAD_FRACTION = 4n;

/** The class at the match. */
export interface ClassView {
  /** S, in nano-tokens. */
  readonly seatBond: bigint;
  /** Whole tokens, as are the three below: sum of all weights, and the least with which the class takes deals. */
  readonly total: bigint;
  readonly minTotal: bigint;
  readonly largest: bigint;
  /** `busyWeight` of every deal under way. */
  readonly busy: bigint;
  /** Least that a task on one seat leaves to its operator, in nano-tokens. */
  readonly priceFloor: bigint;
  readonly stepFee: bigint;
  /** T of the category, in seconds. */
  readonly timeref: bigint;
}

export interface AssuredMatchView {
  readonly requestTag: Bytes32;
  readonly workerpoolTag: Bytes32;
  readonly trust: number;
  /** Tasks of the deal. */
  readonly volume: bigint;
  readonly prices: TaskPrices;
  /** Scheduler's share of a seat's pay, 0 … 20. */
  readonly schedulerPercent: bigint;
  readonly class: ClassView;
}

export type AssuredMatchCode =
  /** A value has no meaning: nothing else is checked then. */
  | 'out-of-range'
  /** A tag asks for what does not exist, or the pool does not offer: `details.reason` is a `RegimeFault`. */
  | 'regime-refused'
  | 'not-assured'
  | 'price-below-floor'
  | 'class-too-small'
  | 'class-busy'
  | 'operator-too-large'
  | 'bond-below-dispute'
  | 'value-not-backed';

export interface AssuredMatchIssue {
  readonly code: AssuredMatchCode;
  readonly message: string;
  readonly details: Details;
}

/** What the deal is made with. */
export interface AssuredMatchPlan {
  readonly regime: AssuredRegime;
  readonly maxSeats: number;
  readonly batches: bigint;
  /** Tasks of a full batch. */
  readonly batchTasks: bigint;
  /** R: pay of one seat of a full batch. */
  readonly pay: bigint;
  /** In 1/65536. */
  readonly samplingRate: number;
  /** Of requester or sponsor, in nano-tokens. */
  readonly lock: bigint;
  /** Whole tokens that the deal adds to the class's busy weight. */
  readonly busy: bigint;
}

export type AssuredMatchOutcome = { readonly plan: AssuredMatchPlan } | { readonly refused: readonly AssuredMatchIssue[] };

/**
 * What an assured deal would be made with; or everything for which the match refuses it, in the order of the checks.
 * Orders, signatures and funds are checked as for every deal (`checkMatch`).
 */
export function checkAssuredMatch(view: AssuredMatchView): AssuredMatchOutcome {
  try {
    assertView(view);
    const regime = matchRegime({ request: view.requestTag, workerpool: view.workerpoolTag });
    if (regime.regime === 'classic')
      return { refused: [issue('not-assured', 'The request does not ask for the assured regime (bit 16)', {})] };
    const plan = planOf(view, regime);
    const refused = issuesOf(view, plan);
    return refused.length > 0 ? { refused } : { plan };
  } catch (error) {
    if (!(error instanceof GleanerError)) throw error;
    const code = error.details['reason'] === undefined ? 'out-of-range' : 'regime-refused';
    return { refused: [issue(code, error.message, error.details)] };
  }
}

const issue = (code: AssuredMatchCode, message: string, details: Details): AssuredMatchIssue => ({ code, message, details });

function assertView({ volume, prices, schedulerPercent, class: own }: AssuredMatchView): void {
  assertAmount('volume', volume, 1n, MAX_VOLUME);
  for (const field of ['app', 'dataset', 'workerpool'] as const) assertAmount(field, prices[field], 0n, MAX_PRICE);
  assertAmount('schedulerPercent', schedulerPercent, 0n, MAX_SCHEDULER_PERCENT);
  assertAmount('seatBond', own.seatBond, 1n, MAX_BOND);
  for (const field of ['total', 'minTotal', 'largest', 'busy'] as const) assertAmount(field, own[field], 0n, MAX_WEIGHT);
  for (const field of ['priceFloor', 'stepFee'] as const) assertAmount(field, own[field], 0n, MAX_PRICE);
  assertTimeref(own.timeref);
}

function planOf({ trust, volume, prices, class: own }: AssuredMatchView, regime: AssuredRegime): AssuredMatchPlan {
  const { share, batchExponent } = regime;
  const seats = maxSeats(trust, share);
  const batches = batchCount(volume, batchExponent);
  const full = 1n << BigInt(batchExponent);
  const batchTasks = volume < full ? volume : full;
  const pay = prices.workerpool * batchTasks;
  return {
    regime,
    maxSeats: seats,
    batches,
    batchTasks,
    pay,
    samplingRate: samplingRate({ value: declaredValue(regime, pay), pay, bond: own.seatBond, share }),
    lock: escrowFor(prices, { tasks: volume, batches, seats, stepFee: own.stepFee }),
    busy: busyWeight({ seatBond: own.seatBond, batches }),
  };
}

function issuesOf(view: AssuredMatchView, plan: AssuredMatchPlan): AssuredMatchIssue[] {
  return [...priceIssues(view), ...loadIssues(view, plan), ...bondIssues(view, plan)];
}

function priceIssues({ prices, schedulerPercent, class: { priceFloor } }: AssuredMatchView): AssuredMatchIssue[] {
  const { operator } = divideSeatPay(prices.workerpool, schedulerPercent);
  if (operator >= priceFloor) return [];
  const message = `The pool leaves ${operator} of its price of ${prices.workerpool} per task to an operator; the class asks for ${priceFloor}`;
  return [issue('price-below-floor', message, { operator, priceFloor })];
}

function loadIssues({ class: own }: AssuredMatchView, { busy, maxSeats: seats }: AssuredMatchPlan): AssuredMatchIssue[] {
  const { total, minTotal, largest } = own;
  const issues: AssuredMatchIssue[] = [];
  if (total < minTotal) {
    issues.push(
      issue('class-too-small', `The class has ${total} tokens of bonds; it takes deals from ${minTotal} on`, { total, minTotal }),
    );
  }
  if (LOAD_FRACTION * (own.busy + busy) > total) {
    const message = `The deal would keep ${busy} tokens of bonds busy beside the ${own.busy} that are; a quarter of ${total} may be`;
    issues.push(issue('class-busy', message, { busy: own.busy, added: busy, total }));
  }
  if (LOAD_FRACTION * BigInt(seats) * largest > total) {
    const message = `The largest operator has ${largest} of ${total} tokens; with ${seats} seats excluded less than a quarter must be`;
    issues.push(issue('operator-too-large', message, { largest, total, maxSeats: seats }));
  }
  return issues;
}

function bondIssues({ class: { seatBond } }: AssuredMatchView, plan: AssuredMatchPlan): AssuredMatchIssue[] {
  const { pay, regime, maxSeats: seats, samplingRate: rate } = plan;
  const { share } = regime;
  const issues: AssuredMatchIssue[] = [];
  const least = leastSeatBond({ pay, share, maxSeats: seats });
  if (seatBond < least) {
    const message = `The bond of a seat is ${seatBond}; a dispute and a rerun at ${pay} a seat ask for ${least}`;
    issues.push(issue('bond-below-dispute', message, { seatBond, least }));
  }
  const value = declaredValue(regime, pay);
  const backing = requiredBond({ value, pay, share, rate });
  if (rate === SAMPLING_UNIT && seatBond < backing) {
    const message = `The bond of a seat is ${seatBond}; a declared value of ${value} asks for ${backing} even if every batch is checked`;
    issues.push(issue('value-not-backed', message, { seatBond, backing, value }));
  }
  return issues;
}
