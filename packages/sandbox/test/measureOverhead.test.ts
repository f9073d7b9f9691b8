import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { measureOverhead } from '../src/measureOverhead.ts';

it('measures a program as it is and metered', async () => {
  const program = await readFile(new URL('../fixtures/compute.wasm', import.meta.url));
  const overhead = await measureOverhead({ program, args: ['matmul'], rounds: 2 });
  expect(overhead.plainMs).toBeGreaterThan(1);
  expect(overhead.fuelUsed).toBeGreaterThan(1_000_000n);
  // Far above the aim of 1.25, so that a busy machine does not fail it; the figure itself is published by the bench.
  expect(overhead.ratio).toBeLessThan(4);
});
