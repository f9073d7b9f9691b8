// Section 5, «Recovery»: ECDSA on secp256k1.

import { secp256k1 } from '@noble/curves/secp256k1.js';

import { keccak, toBytes, toUint, toUtf8 } from './bytes.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = ORDER / 2n;
const PARITY_BIT = 1n << 255n;

/**
 * @param {Hex} hash
 * @param {bigint} r
 * @param {bigint} s
 * @param {bigint | undefined} parity of y: 0 or 1
 * @returns {Hex | undefined} the address that signed; undefined when this is no signature, or s is in the upper half
 */
export function recoverAddress(hash, r, s, parity) {
  if (parity !== 0n && parity !== 1n) return undefined;
  if (r <= 0n || r >= ORDER || s <= 0n || s > HALF_ORDER) return undefined;
  try {
    const signature = new secp256k1.Signature(r, s).addRecoveryBit(Number(parity));
    const key = signature.recoverPublicKey(toBytes(hash)).toRawBytes(false);
    return /** @type {Hex} */ (`0x${keccak(key.subarray(1)).slice(-40)}`);
  } catch {
    // No point of the curve has this r.
    return undefined;
  }
}

/**
 * 65 bytes r ‖ s ‖ v with v 27 or 28, or 64 bytes r ‖ (yParity in the top bit, s) (EIP-2098).
 * @param {Hex} hash
 * @param {Uint8Array} signature
 * @returns {Hex | undefined} the address that signed
 */
export function recoverSigner(hash, signature) {
  const r = toUint(signature.subarray(0, 32));
  const s = toUint(signature.subarray(32, 64));
  if (signature.length === 65) return recoverAddress(hash, r, s, BigInt(signature[64]) - 27n);
  if (signature.length === 64) return recoverAddress(hash, r, s & (PARITY_BIT - 1n), s >> 255n);
  return undefined;
}

/**
 * @param {Hex} hash
 * @returns {Hex} what a wallet signs when asked to sign the 32 bytes as a message (EIP-191)
 */
export function messageHash(hash) {
  return keccak(toUtf8('\x19Ethereum Signed Message:\n32'), hash);
}
