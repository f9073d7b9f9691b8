import { checkedAdd, checkedMul, checkedSub, larger, smaller, withoutPanic } from '../uint256.ts';
import { SCORE_DIVISOR } from './constants.ts';

/** Weights on chain never reach this; above it the contract's own arithmetic would overflow. */
const TRUST_CEILING = 2n ** 127n;

/** Factor by which a worker's vote multiplies its group: max(floor(score / 3), 3) − 1, so 2 for scores 0 to 11. */
export function workerWeight(score: bigint): bigint {
  return larger(score / SCORE_DIVISOR, 3n) - 1n;
}

/** floor(log2(value)) for value ≥ 1 */
const log2Down = (value: bigint): bigint => BigInt(value.toString(2).length - 1);

/** Share of a worker in the split of the reward: floor(log2(weight)), at least 1. */
export function logWeight(score: bigint): bigint {
  return log2Down(workerWeight(score));
}

/** Weight of the group voted for, and of all groups plus 1. A task starts with total 1. */
export interface Votes {
  readonly group: bigint;
  readonly total: bigint;
}

/**
 * Votes after one more of this weight for the group.
 * @throws {SolidityPanic} 0x11 where the contract overflows
 */
export function addVote({ group, total }: Votes, weight: bigint): Votes {
  const delta = checkedSub(checkedMul(larger(group, 1n), weight), group);
  return { group: checkedAdd(group, delta), total: checkedAdd(total, delta) };
}

/**
 * Whether the group settles the task: group · trust > total · (trust − 1), strictly.
 * Only the group just voted for is ever tested.
 * @param trust of the deal, at least 1
 * @throws {SolidityPanic} 0x11 where the contract overflows, with absurd trust
 */
export function consensusReached({ group, total, trust }: Votes & { readonly trust: bigint }): boolean {
  return checkedMul(group, trust) > checkedMul(total, checkedSub(trust, 1n));
}

/** Trust that a deal is held to: 0 counts as 1. */
export const dealTrust = (trust: bigint): bigint => larger(trust, 1n);

/**
 * How many workers must agree, taken in the given order and undisturbed by others, until the consensus is reached;
 * undefined when all of them are not enough.
 * @param trust asked by the request order; 0 counts as 1
 * @param scores of distinct workers, in the order in which they would contribute
 */
export function requiredWorkers(trust: bigint, scores: readonly bigint[]): number | undefined {
  let votes: Votes = { group: 0n, total: 1n };
  return withoutPanic(() => {
    for (const [index, score] of scores.entries()) {
      votes = addVote(votes, workerWeight(score));
      if (consensusReached({ ...votes, trust: dealTrust(trust) })) return index + 1;
    }
    return undefined;
  });
}

/**
 * Highest trust these workers reach by agreeing: the product of their weights; 0 without workers.
 * At most 2^127, a bound far above any real trust.
 */
export function reachableTrust(scores: readonly bigint[]): bigint {
  if (scores.length === 0) return 0n;
  return scores.reduce((trust, score) => (trust >= TRUST_CEILING ? trust : smaller(trust * workerWeight(score), TRUST_CEILING)), 1n);
}
