// Section 4.3: weights of contributors and the count of their votes.

import { product, sum } from './uint256.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./uint256.mjs').Uint256} Uint256 */
/** @typedef {{ weight: Uint256, voters: Hex[] }} Group */

/**
 * @param {bigint} score
 * @returns {bigint} max(⌊score / 3⌋, 3) − 1
 */
export function weightOf(score) {
  const third = score / 3n;
  return (third > 3n ? third : 3n) - 1n;
}

/**
 * @param {bigint} weight at least 1
 * @returns {bigint} ⌊log2 weight⌋
 */
export function logWeightOf(weight) {
  return BigInt(weight.toString(2).length - 1);
}

export class Votes {
  constructor() {
    /** @type {Uint256} */
    this.total = 1n;
    /** @type {Map<Hex, Group>} */
    this.groups = new Map();
  }

  /**
   * @param {Hex} hash
   * @returns {Group}
   */
  group(hash) {
    const group = this.groups.get(hash) ?? { weight: 0n, voters: [] };
    this.groups.set(hash, group);
    return group;
  }

  /**
   * @param {Hex} worker
   * @param {Hex} hash
   * @param {bigint} weight of the worker
   */
  add(worker, hash, weight) {
    const group = this.group(hash);
    const before = group.weight;
    group.weight = product(before === 0n ? 1n : before, weight);
    this.total = this.total === undefined || before === undefined ? undefined : sum(this.total - before, group.weight);
    group.voters.push(worker);
  }

  /**
   * @param {Hex} hash
   * @param {bigint} trust at least 1
   * @returns {boolean | undefined} whether the group of the hash has consensus; undefined when a number is beyond 2^256 - 1
   */
  hasConsensus(hash, trust) {
    const left = product(this.group(hash).weight, trust);
    const right = product(this.total, trust - 1n);
    return left === undefined || right === undefined ? undefined : left > right;
  }

  /**
   * Takes a group out of the count.
   * @param {Hex} hash
   */
  remove(hash) {
    const { weight } = this.group(hash);
    this.total = this.total === undefined || weight === undefined ? undefined : this.total - weight;
    this.groups.delete(hash);
  }
}
