import { GleanerError } from '@gleaner/primitives';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ReadingOptions, type ReadingState, startReading } from '../src/reading/startReading.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const EVERY_MS = 2_000;

/** A reading whose answers and audience the test decides. */
function watch(answers: (() => Promise<number>)[], more: Partial<ReadingOptions<number>> = {}) {
  const told: ReadingState<number>[] = [];
  let reads = 0;
  let isHidden = false;
  let listener: () => void = () => undefined;
  const end = startReading<number>({
    read: () => (answers[reads++] ?? answers.at(-1) ?? (async () => 0))(),
    tell: (state) => void told.push(state),
    everyMs: EVERY_MS,
    visibility: {
      isHidden: () => isHidden,
      onChange: (changed) => {
        listener = changed;
        return () => {
          listener = () => undefined;
        };
      },
    },
    ...more,
  });
  const setHidden = (hidden: boolean) => {
    isHidden = hidden;
    listener();
  };
  return { told, end, setHidden, reads: () => reads };
}

const value = (number: number) => async () => number;
const fails = async () => {
  throw new GleanerError('service-unreachable', 'gone');
};

describe('a reading', () => {
  test('is read at once and then at intervals', async () => {
    const { told, end } = watch([value(1), value(2)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([{ value: 1 }]);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(told.at(-1)).toEqual({ value: 2 });
    end();
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(told).toHaveLength(2);
  });

  test('ends with a final value', async () => {
    const { reads } = watch([value(1), value(7)], { isFinal: (number) => number === 7 });
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(reads()).toBe(2);
  });

  test('rests while nobody looks and wakes at once', async () => {
    const { reads, setHidden } = watch([value(1)]);
    await vi.advanceTimersByTimeAsync(0);
    setHidden(true);
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
    expect(reads()).toBe(1);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(reads()).toBe(2);
  });

  test('a failed refresh keeps the value and recovers', async () => {
    const { told } = watch([value(1), fails, value(3)]);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(told.at(-1)).toMatchObject({ value: 1, failure: { code: 'service-unreachable' } });
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(told.at(-1)).toEqual({ value: 3 });
  });

  test('what stays away is asked more seldom', async () => {
    const { reads } = watch([fails]);
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(reads()).toBe(3);
    await vi.advanceTimersByTimeAsync(4 * EVERY_MS);
    expect(reads()).toBe(3);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(reads()).toBe(4);
  });

  test('a slow read is never doubled and not told after the end', async () => {
    const slow = Promise.withResolvers<number>();
    const { told, reads, setHidden, end } = watch([() => slow.promise]);
    setHidden(true);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(reads()).toBe(1);
    end();
    slow.resolve(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([]);
  });
});
