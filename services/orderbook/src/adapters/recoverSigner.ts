import type { Address, Bytes32, Hex, OrderHash } from '@gleaner/primitives';
import { getAddress, hexToBytes, keccak256, size } from 'viem';

/** Half of the group's order: the hub refuses signatures whose s is above it. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** The WebAssembly module is compiled when the first signature comes. */
let library: Promise<typeof import('tiny-secp256k1')> | undefined;

/**
 * Address whose key made a signature of 65 bytes (r, s, v) in the only form that the hub takes: v of 27 or 28, low s. `undefined` for anything
 * else, good or bad. About a tenth of the time that JavaScript takes (docs/results/2026-11-26-orderbook.md).
 */
export async function recoverSigner(hash: Bytes32 | OrderHash, signature: Hex): Promise<Address | undefined> {
  if (size(signature) !== 65 || BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) return undefined;
  const bytes = hexToBytes(signature);
  const v = bytes[64];
  if (v !== 27 && v !== 28) return undefined;
  library ??= import('tiny-secp256k1');
  const { recover } = await library;
  try {
    const key = recover(hexToBytes(hash), bytes.subarray(0, 64), v === 27 ? 0 : 1, false);
    return key === null ? undefined : getAddress(`0x${keccak256(key.subarray(1)).slice(-40)}`);
  } catch {
    // r or s out of range
    return undefined;
  }
}
