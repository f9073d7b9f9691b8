import type { Address } from '@gleaner/primitives';
import { expect, test, vi } from 'vitest';
import { Scores } from './Scores.ts';

const [ann, ben] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`] as [Address, Address];

test('a score is read again when it is old, however often others are asked for', async () => {
  const now = vi.spyOn(performance, 'now');
  const asked: Address[][] = [];
  const scores = new Scores({
    scores: async (workers) => {
      asked.push([...workers]);
      return workers.map(() => BigInt(asked.length));
    },
  });
  now.mockReturnValue(0);
  expect((await scores.of([ann]))(ann)).toBe(1n);
  now.mockReturnValue(2_900);
  expect((await scores.of([ann, ben]))(ann)).toBe(1n);
  now.mockReturnValue(3_100);
  const scoreOf = await scores.of([ann, ben]);
  expect([scoreOf(ann), scoreOf(ben)]).toEqual([3n, 2n]);
  expect(asked).toEqual([[ann], [ben], [ann]]);
  now.mockRestore();
});
