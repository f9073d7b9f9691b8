import type { Address } from '@gleaner/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Latecomers } from './Latecomers.ts';

const REMEMBERED_MS = 5 * 60_000;
const addressOf = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`;

test('law: a worker counts as late for five minutes after the last time it was, and nobody else does', () => {
  const anyTimes = fc.array(fc.record({ n: fc.nat(3), afterMs: fc.nat(400_000) }), { maxLength: 12 });
  fc.assert(
    fc.property(anyTimes, fc.nat(400_000), (times, laterMs) => {
      const latecomers = new Latecomers();
      const lastMs = new Map<number, number>();
      let nowMs = 0;
      for (const { n, afterMs } of times) {
        nowMs += afterMs;
        latecomers.note(addressOf(n), nowMs);
        lastMs.set(n, nowMs);
      }
      nowMs += laterMs;
      for (const n of [0, 1, 2, 3, 4]) {
        const last = lastMs.get(n);
        expect(latecomers.has(addressOf(n), nowMs)).toBe(last !== undefined && nowMs - last < REMEMBERED_MS);
      }
    }),
  );
});
