/** Random choices that a printed seed repeats. */
export interface SeededRandom {
  readonly seed: number;
  /** Whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(values: readonly T[]): T;
  /** As many different values as asked for, in random order. */
  sample<T>(values: readonly T[], count: number): T[];
}

/** `GLEANER_SEED` repeats a run; the seed is printed either way. */
export function createRandom(what: string): SeededRandom {
  const seed = Number(process.env['GLEANER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${what}: GLEANER_SEED=${seed}`);
  const next = mulberry32(seed);
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const sample = <T>(values: readonly T[], count: number): T[] => {
    const left = [...values];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(integer(0, left.length - 1), 1)[0] as T);
  };
  return { seed, integer, sample, pick: (values) => values[integer(0, values.length - 1)] as never };
}

/** Uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
