import { randomBytes } from 'node:crypto';
import type { Address, Bytes32, TaskId } from '@gleaner/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfNonce, NONCE_TTL_MS, newNonce } from './enclaveNonce.ts';

const KEY = new Uint8Array(32).fill(7);
const TO = { taskId: `0x${'ab'.repeat(32)}` as TaskId, worker: `0x${'cd'.repeat(20)}` as Address };
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const anyNow = fc.integer({ min: 1.6e12, max: 2e12 });

test('a nonce is good for its task and worker, for a minute, and says when it ends', () => {
  fc.assert(
    fc.property(anyNow, fc.nat({ max: 2 * NONCE_TTL_MS }), (nowMs, laterMs) => {
      const { nonce, expiresAt } = newNonce(KEY, TO, { nowMs, random });
      expect(expiresAt).toBe(nowMs + NONCE_TTL_MS);
      expect(endOfNonce(KEY, nonce, TO, nowMs + laterMs)).toBe(laterMs < NONCE_TTL_MS ? expiresAt : undefined);
      expect(newNonce(KEY, TO, { nowMs, random }).nonce).not.toBe(nonce);
    }),
  );
});

test('one that was changed, or made with another key or for another, is none', () => {
  fc.assert(
    fc.property(anyNow, fc.nat({ max: 255 }), (nowMs, bit) => {
      const { nonce } = newNonce(KEY, TO, { nowMs, random });
      const flipped = `0x${(BigInt(nonce) ^ (1n << BigInt(bit))).toString(16).padStart(64, '0')}` as Bytes32;
      expect(endOfNonce(KEY, flipped, TO, nowMs)).toBeUndefined();
      expect(endOfNonce(new Uint8Array(32), nonce, TO, nowMs)).toBeUndefined();
      expect(endOfNonce(KEY, nonce, { ...TO, worker: `0x${'ce'.repeat(20)}` }, nowMs)).toBeUndefined();
      expect(endOfNonce(KEY, nonce, { ...TO, taskId: `0x${'ac'.repeat(32)}` as TaskId }, nowMs)).toBeUndefined();
    }),
  );
});
