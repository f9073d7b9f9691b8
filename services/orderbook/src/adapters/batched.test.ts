import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batched } from './batched.ts';

test('everyone gets the value of their own key or the failure of it, however keys travel together', async () => {
  const rounds = fc.array(fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 6 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rounds, async (turns) => {
      const load = batched(async (keys: readonly number[]) => {
        if (keys.some((key) => key < 0)) throw new Error(`bad ${keys.join()}`);
        return keys.map((key) => 10 * key);
      });
      const asked = turns.map(async (keys) => Promise.allSettled(keys.map(load)));
      for (const [turn, settled] of (await Promise.all(asked)).entries()) {
        const outcomes = settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message));
        expect(outcomes).toEqual(turns[turn]?.map((key) => (key < 0 ? `bad ${key}` : 10 * key)));
      }
    }),
  );
});

test('keys of one turn of the event loop travel in one call', async () => {
  const calls: (readonly string[])[] = [];
  const load = batched(async (keys: readonly string[]) => {
    calls.push(keys);
    return keys;
  });
  await Promise.all([load('a'), load('b'), load('a')]);
  await load('c');
  expect(calls).toEqual([['a', 'b', 'a'], ['c']]);
});
