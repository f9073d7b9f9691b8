import type { ReasonCode } from '@gleaner/primitives';
import { expect, test } from 'vitest';
import { mayPass, PATIENCE, patienceFor, pauseAfter } from './patience.ts';

test.each<[ReasonCode, atLeastSec: number, atMostSec: number]>([
  ['invitation-invalid', 90, 180],
  ['task-not-active', 90, 180],
  ['forbidden', 90, 180],
  ['chain-reverted', 90, 180],
  ['deal-not-found', 90, 180],
  ['resource-not-deployed', 90, 180],
  ['service-unreachable', 45, 90],
  ['stake-too-low', 5, 15],
  ['secret-missing', 5, 15],
])('a worker bears %s for %d to %d seconds before it gives the task back', (code, atLeastSec, atMostSec) => {
  const seconds = borneMs(code) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(atLeastSec);
  expect(seconds).toBeLessThanOrEqual(atMostSec);
});

test('what a chain that lost its latest blocks does not know ends no replicate', () => {
  for (const code of ['deal-not-found', 'resource-not-deployed', 'task-not-found'] as const) {
    expect([code, mayPass(code)]).toEqual([code, true]);
  }
});

test('what time does not cure passes by itself in no case', () => {
  for (const code of ['enclave-already-released', 'evidence-invalid', 'measurement-unknown', 'program-trapped'] as const) {
    expect([code, mayPass(code)]).toEqual([code, false]);
  }
});

function borneMs(code: ReasonCode): number {
  let [ms, spent] = [0, 0];
  for (let failures = 0; ; failures += 1) {
    spent += patienceFor(code);
    if (spent >= PATIENCE || ms > 600_000) return ms;
    ms += pauseAfter(failures);
  }
}
