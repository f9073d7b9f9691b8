// Section 1: the canonical form, a subset of RFC 8785.

import { keccak, toUtf8 } from './bytes.mjs';

/** @typedef {import('./json.mjs').JsonObject} JsonObject */
/** @typedef {import('./json.mjs').JsonValue} JsonValue */

/**
 * Assumes that the members of the value have been checked: strings, arrays and objects only, nested a few levels deep.
 * @param {JsonValue} value
 * @returns {string | undefined} undefined when a string has a lone surrogate: such a value has no canonical form
 */
export function canonicalForm(value) {
  /** @type {string[]} */
  const parts = [];
  return appendForm(value, parts) ? parts.join('') : undefined;
}

/**
 * @param {JsonValue} value
 * @param {string[]} parts
 * @returns {boolean} false when there is no canonical form
 */
function appendForm(value, parts) {
  if (typeof value === 'string') return appendText(value, parts);
  if (Array.isArray(value)) return appendArray(value, parts);
  if (value instanceof Map) return appendObject(value, parts);
  return false;
}

/**
 * @param {string} text
 * @param {string[]} parts
 */
function appendText(text, parts) {
  // JSON.stringify escapes as little as JSON allows, except that it also escapes lone surrogates.
  parts.push(JSON.stringify(text));
  return text.isWellFormed();
}

/**
 * @param {readonly JsonValue[]} array
 * @param {string[]} parts
 */
function appendArray(array, parts) {
  parts.push('[');
  for (const [position, element] of array.entries()) {
    if (position > 0) parts.push(',');
    if (!appendForm(element, parts)) return false;
  }
  parts.push(']');
  return true;
}

/**
 * @param {JsonObject} object
 * @param {string[]} parts
 */
function appendObject(object, parts) {
  parts.push('{');
  for (const [position, name] of [...object.keys()].sort().entries()) {
    if (position > 0) parts.push(',');
    if (!appendText(name, parts)) return false;
    parts.push(':');
    if (!appendForm(/** @type {JsonValue} */ (object.get(name)), parts)) return false;
  }
  parts.push('}');
  return true;
}

/**
 * @param {JsonObject} file
 * @returns {import('./bytes.mjs').Hex | undefined} K of the canonical form without the member `integrity`
 */
export function integrityOf(file) {
  const rest = new Map(file);
  rest.delete('integrity');
  const form = canonicalForm(rest);
  return form === undefined ? undefined : keccak(toUtf8(form));
}
