/**
 * The contract's integer rule in doubles. All values stay below 2^53 here (weights below 2^21, groups below trust · 2^21,
 * trust at most 10^9), so the arithmetic is exact; the tests compare it with `@gleaner/protocol` on random histories.
 */

/** max(⌊score / 3⌋, 3) − 1 */
export function pocoWeight(score: number): number {
  return Math.max(Math.floor(score / 3), 3) - 1;
}

/** Group after one more vote of this weight. A group without votes is 0. */
export function pocoGroup(group: number, weight: number): number {
  return Math.max(group, 1) * weight;
}

/**
 * group · trust > total · (trust − 1), written without the large products: group > (total − group) · (trust − 1).
 * @param others 1 plus all other groups
 */
export function pocoConsensus(group: number, others: number, trust: number): boolean {
  return group > others * (trust - 1);
}

/** Score of a worker that was not with the winners: two thirds, rounded down. */
export function pocoScoreAfterFault(score: number): number {
  return Math.floor((score * 2) / 3);
}
