import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReversalWindow } from './ReversalWindow.ts';

const OPERATORS = 6;
const SEATS = 3;

interface Kept {
  readonly seats: Map<number, number>;
  readonly value: number;
  open: boolean;
}

/** An acceptance of some distinct operators, or the conviction of one. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(fc.nat({ max: OPERATORS - 1 }), { minLength: 1, maxLength: SEATS }) },
  { weight: 1, arbitrary: fc.nat({ max: OPERATORS - 1 }) },
);

describe('ReversalWindow', () => {
  it('reopens what a plain list of acceptances would reopen, with the seats that remain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(step, { maxLength: 120 }), (length, steps) => {
        const window = new ReversalWindow({ length, seats: SEATS, operators: OPERATORS });
        const model: Kept[] = [];
        steps.forEach((action, index) => {
          if (typeof action !== 'number') {
            const credibilities = action.map((operator) => 10 + operator + (index % 7));
            window.add({
              value: index,
              marks: index % 4,
              passed: index % 5,
              operators: Int32Array.from(action),
              credibilities: Float64Array.from(credibilities),
              count: action.length,
            });
            model.push({
              seats: new Map(action.map((operator, seat) => [operator, credibilities[seat] as number])),
              value: index,
              open: false,
            });
            return;
          }
          const reopened: Reopened[] = [];
          window.remove(action, ({ value, marks, passed, remaining }) => {
            expect([marks, passed]).toEqual([value % 4, value % 5]);
            reopened.push({ value, remaining: remaining.map(({ operator, credibility }) => [operator, credibility]) });
          });
          expect(reopened.sort((a, b) => a.value - b.value)).toEqual(convict(model, length, action));
        });
      }),
    );
  });
});

interface Reopened {
  readonly value: number;
  readonly remaining: readonly (readonly number[])[];
}

function convict(model: readonly Kept[], length: number, operator: number): Reopened[] {
  const inWindow = length === 0 ? [] : model.slice(-length);
  const hit = inWindow.filter(({ open, seats }) => !open && seats.has(operator));
  // A name that comes back starts anew: what it signed before is not its own.
  for (const kept of hit) kept.open = true;
  const reopened = hit.map(({ value, seats }) => ({ value, remaining: [...seats].filter(([other]) => other !== operator) }));
  for (const { seats } of model) seats.delete(operator);
  return reopened;
}
