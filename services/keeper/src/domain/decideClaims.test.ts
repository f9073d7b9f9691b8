import type { DealId, TaskId, UnixSeconds } from '@gleaner/primitives';
import { CHAIN_TASK_STATUSES } from '@gleaner/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, decideClaims } from './decideClaims.ts';

const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}`;

const anyCandidate: fc.Arbitrary<Candidate> = fc.record({
  taskId: fc.nat(30).map((n) => id(n) as TaskId),
  dealId: fc.nat(5).map((n) => id(n) as DealId),
  index: fc.bigInt(0n, 30n),
  status: fc.constantFrom(...CHAIN_TASK_STATUSES),
  finalDeadline: fc.bigInt(90n, 110n).map((n) => n as UnixSeconds),
});
const anyView = fc.record({
  candidates: fc.array(anyCandidate, { maxLength: 60 }).map((all) => [...new Map(all.map((one) => [one.taskId, one])).values()]),
  held: fc.uniqueArray(fc.nat(30).map((n) => id(n) as TaskId)).map((ids) => new Set(ids)),
  batchSize: fc.integer({ min: 1, max: 8 }),
});
const now = 100n as UnixSeconds;

const claimable = ({ status }: Candidate) => status === 'active' || status === 'revealing';
const planned = (plan: ReturnType<typeof decideClaims>) => [...plan.claims.flat(), ...plan.initializeAndClaims.flat()];

describe('the keeper', () => {
  test('claims only what the hub lets it claim', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const plan = decideClaims(view, now);
        expect(plan.claims.flat().every(claimable)).toBe(true);
        expect(plan.initializeAndClaims.flat().every(({ status }) => status === 'unset')).toBe(true);
        expect(planned(plan).every(({ finalDeadline, taskId }) => finalDeadline <= now && !view.held.has(taskId))).toBe(true);
      }),
    );
  });

  test('forgets no task that is due', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const due = view.candidates.filter(
          (task) => (claimable(task) || task.status === 'unset') && task.finalDeadline <= now && !view.held.has(task.taskId),
        );
        expect(new Set(planned(decideClaims(view, now)))).toEqual(new Set(due));
      }),
    );
  });

  test('sends no task twice, no empty batch and none over the size', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const twice = { ...view, candidates: [...view.candidates, ...view.candidates] };
        const plan = decideClaims(twice, now);
        const ids = planned(plan).map(({ taskId }) => taskId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { length } of [...plan.claims, ...plan.initializeAndClaims]) {
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(view.batchSize);
        }
      }),
    );
  });

  test('serves the longest overdue first, and does not depend on the order of what it is told', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const plan = decideClaims(view, now);
        for (const batches of [plan.claims, plan.initializeAndClaims]) {
          const deadlines = batches.flat().map(({ finalDeadline }) => finalDeadline);
          expect(deadlines).toEqual([...deadlines].sort((one, other) => Number(one - other)));
        }
        expect(decideClaims({ ...view, candidates: view.candidates.toReversed() }, now)).toEqual(plan);
      }),
    );
  });

  test('has more to do as time goes on, never less', () => {
    fc.assert(
      fc.property(anyView, fc.bigInt(0n, 20n), (view, later) => {
        const before = planned(decideClaims(view, now));
        const after = new Set(planned(decideClaims(view, (now + later) as UnixSeconds)));
        expect(before.every((task) => after.has(task))).toBe(true);
      }),
    );
  });
});
