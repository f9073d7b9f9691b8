import type { Address, Bytes32, Hex, OrderHash } from '@gleaner/primitives';
import { checksumAddress } from '@gleaner/protocol';
import { hexToBytes, keccak256, size } from 'viem';
import { recoverKey } from './recoverKey.ts';

/** Half of the group's order: the hub refuses signatures whose s is above it. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Address whose key made a signature of 65 bytes (r, s, v) in the only form that the hub takes: v of 27 or 28, low s. `undefined` for anything
 * else, good or bad.
 */
export async function recoverSigner(hash: Bytes32 | OrderHash, signature: Hex): Promise<Address | undefined> {
  if (size(signature) !== 65 || BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) return undefined;
  const bytes = hexToBytes(signature);
  const v = bytes[64];
  if (v !== 27 && v !== 28) return undefined;
  const key = await recoverKey({ hash: hexToBytes(hash), signature: bytes.slice(0, 64), parity: v === 27 ? 0 : 1 });
  return key && checksumAddress(`0x${keccak256(key.subarray(1)).slice(-40)}`);
}
