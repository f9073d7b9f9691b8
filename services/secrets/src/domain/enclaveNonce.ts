import { createHmac, timingSafeEqual } from 'node:crypto';
import { lengthPrefixed } from '@gleaner/attestation';
import type { Address, Bytes32, Random, TaskId } from '@gleaner/primitives';

/** How long a nonce lives, milliseconds. */
export const NONCE_TTL_MS = 60_000;

const RANDOM_BYTES = 8;
const TAG_BYTES = 16;

interface NonceFor {
  readonly taskId: TaskId;
  readonly worker: Address;
}

/**
 * A nonce for one task and worker: 8 bytes of its end in milliseconds, 8 random bytes, 16 bytes of an HMAC over both with task and worker.
 * It needs no place in the database until it is used, so that asking for many costs nothing.
 */
export function newNonce(key: Uint8Array, to: NonceFor, { nowMs, random }: { nowMs: number; random: Random }) {
  const expiresAt = nowMs + NONCE_TTL_MS;
  const end = Buffer.alloc(8);
  end.writeBigUInt64BE(BigInt(expiresAt));
  const head = Buffer.concat([end, random.bytes(RANDOM_BYTES)]);
  return { nonce: `0x${Buffer.concat([head, tagOf(key, head, to)]).toString('hex')}` as Bytes32, expiresAt };
}

/** End of a nonce in milliseconds; undefined when this service did not make it for this task and worker, or it is over. */
export function endOfNonce(key: Uint8Array, nonce: Bytes32, to: NonceFor, nowMs: number): number | undefined {
  const bytes = Buffer.from(nonce.slice(2), 'hex');
  const head = bytes.subarray(0, 8 + RANDOM_BYTES);
  if (!timingSafeEqual(bytes.subarray(8 + RANDOM_BYTES), tagOf(key, head, to))) return undefined;
  const expiresAt = Number(head.readBigUInt64BE());
  return expiresAt > nowMs ? expiresAt : undefined;
}

function tagOf(key: Uint8Array, head: Uint8Array, { taskId, worker }: NonceFor): Buffer {
  const text = lengthPrefixed(['gleaner/enclave-nonce/1', head, taskId.toLowerCase(), worker.toLowerCase()]);
  return createHmac('sha256', key).update(text).digest().subarray(0, TAG_BYTES);
}
