import type { Address, Hex } from '@gleaner/primitives';
import { bytesToHex, hexToBytes, numberToHex, recoverAddress } from 'viem';

/** Half the order of secp256k1; signatures with a larger s have a twin and are refused. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

export interface Signature {
  readonly r: bigint;
  readonly s: bigint;
  /** 0 or 1. */
  readonly yParity: bigint;
}

/** 65 bytes r ‖ s ‖ v with v 27 or 28, or 64 bytes with yParity in the top bit of s (EIP-2098). Undefined for anything else. */
export function parseSignature(bytes: Hex): Signature | undefined {
  const octets = hexToBytes(bytes);
  const r = BigInt(bytesToHex(octets.subarray(0, 32)) === '0x' ? 0 : bytesToHex(octets.subarray(0, 32)));
  if (octets.length === 65) return { r, s: BigInt(bytesToHex(octets.subarray(32, 64))), yParity: BigInt(octets[64] ?? 0) - 27n };
  if (octets.length !== 64) return undefined;
  const mixed = BigInt(bytesToHex(octets.subarray(32)));
  return { r, s: BigInt.asUintN(255, mixed), yParity: mixed >> 255n };
}

/** Account that signed the hash; undefined when the signature is none. */
export async function recoverSigner(hash: Hex, signature: Signature | undefined): Promise<Address | undefined> {
  if (signature === undefined || signature.s > HALF_ORDER) return undefined;
  const { r, s, yParity } = signature;
  if (yParity !== 0n && yParity !== 1n) return undefined;
  try {
    const recoverable = { r: numberToHex(r, { size: 32 }), s: numberToHex(s, { size: 32 }), yParity: Number(yParity) };
    return await recoverAddress({ hash, signature: recoverable });
  } catch {
    return undefined;
  }
}
