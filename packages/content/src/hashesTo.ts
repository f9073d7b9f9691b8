import { createHash } from 'node:crypto';
import { base32 } from 'multiformats/bases/base32';
import type { BlockKey } from './BlockStorage.ts';

/** Bytes before the digest in a sha2-256 multihash: code and length. */
const PREFIX_BYTES = 2;

/** Whether a block is what its key names. */
export function hashesTo(key: BlockKey, bytes: Uint8Array): boolean {
  const digest = base32.decode(key).subarray(PREFIX_BYTES);
  return createHash('sha256').update(bytes).digest().equals(digest);
}
