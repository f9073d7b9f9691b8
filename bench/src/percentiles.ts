export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** Nearest-rank percentiles of at least one value, rounded to whole numbers. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN);
  return { p50: rank(0.5), p95: rank(0.95), least: rank(0), most: rank(1), count: sorted.length };
}
