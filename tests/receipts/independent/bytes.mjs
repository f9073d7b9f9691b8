// Byte strings: small ones (hashes, addresses) travel as `0x` and lower-case hexadecimal digits, so that `===` compares them; large ones as Uint8Array.

import { keccak_256 } from '@noble/hashes/sha3.js';

/** @typedef {`0x${string}`} Hex `0x` and an even number of lower-case hexadecimal digits */

export const ZERO_ADDRESS = /** @type {Hex} */ (`0x${'00'.repeat(20)}`);
export const ZERO_BYTES32 = /** @type {Hex} */ (`0x${'00'.repeat(32)}`);

/**
 * @param {string} hex already known to be well formed
 * @returns {Uint8Array}
 */
export function toBytes(hex) {
  const buffer = Buffer.from(hex.slice(2), 'hex');
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/**
 * @param {Uint8Array} bytes
 * @returns {Hex}
 */
export function toHex(bytes) {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/**
 * @param {string} text without lone surrogates
 * @returns {Uint8Array} its UTF-8 form
 */
export function toUtf8(text) {
  return new TextEncoder().encode(text);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string | undefined} undefined when the bytes are not UTF-8; a byte order mark stays in the text
 */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * @param {Uint8Array} bytes big-endian
 * @returns {bigint}
 */
export function toUint(bytes) {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

/**
 * @param {bigint} value 0 to 2^256 - 1
 * @returns {Uint8Array} 32 bytes, big-endian
 */
export function toWord(value) {
  return toBytes(`0x${value.toString(16).padStart(64, '0')}`);
}

/**
 * @param {readonly Uint8Array[]} parts
 * @returns {Uint8Array}
 */
export function concat(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 * @returns {boolean}
 */
export function equalBytes(left, right) {
  return left.length === right.length && Buffer.compare(left, right) === 0;
}

/**
 * K of section 1: keccak256 of the joined parts; a hexadecimal part stands for its bytes.
 * @param {...(Uint8Array | Hex)} parts
 * @returns {Hex}
 */
export function keccak(...parts) {
  const hash = keccak_256.create();
  for (const part of parts) hash.update(typeof part === 'string' ? toBytes(part) : part);
  return toHex(hash.digest());
}
