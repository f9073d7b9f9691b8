// Arithmetic of section 4: products and sums beyond 2^256 - 1 break the rule that needs them. `undefined` is a value beyond; every comparison with it is false.

import { MAX_UINT256 } from './form.mjs';

/** @typedef {bigint | undefined} Uint256 undefined when beyond 2^256 - 1 */

/**
 * @param {...Uint256} values
 * @returns {Uint256}
 */
export function sum(...values) {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : bounded(total + value)), 0n);
}

/**
 * @param {Uint256} left
 * @param {Uint256} right
 * @returns {Uint256}
 */
export function product(left, right) {
  return left === undefined || right === undefined ? undefined : bounded(left * right);
}

/**
 * @param {Uint256} value
 * @param {Uint256} numerator
 * @param {bigint} denominator
 * @returns {Uint256} ⌊value · numerator / denominator⌋; undefined as well when the denominator is zero
 */
export function fraction(value, numerator, denominator) {
  const scaled = product(value, numerator);
  return scaled === undefined || denominator === 0n ? undefined : scaled / denominator;
}

/**
 * @param {Uint256} left
 * @param {Uint256} right
 * @returns {boolean} left < right
 */
export function isLess(left, right) {
  return left !== undefined && right !== undefined && left < right;
}

/**
 * @param {Uint256} left
 * @param {Uint256} right
 * @returns {boolean} left ≤ right
 */
export function isAtMost(left, right) {
  return left !== undefined && right !== undefined && left <= right;
}

/**
 * @param {bigint} value
 * @returns {Uint256}
 */
function bounded(value) {
  return value > MAX_UINT256 ? undefined : value;
}
