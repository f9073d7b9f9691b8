import type { Row } from './rows.ts';
import { round } from './rows.ts';
import { BASE_VARIANT } from './tables/worldTable.ts';

/** By how much one departure from the base changes error and cost. */
export interface WorldEffect {
  readonly variant: string;
  readonly share: string | null;
  readonly epsilon: number;
  readonly tasksPerDraw: number;
  readonly ratePerDraw: number;
  readonly upper95PerDraw: number;
  /** When a cheat falsifies one task of its draw, and when it falsifies all. */
  readonly ratePerTaskLeast: number;
  readonly ratePerTaskMost: number;
  readonly redundancy: number;
  /** Rate divided by that of the base; null where the base saw none. */
  readonly rateAgainstBase: number | null;
  /** Executions per draw more than the base. */
  readonly redundancyAgainstBase: number;
  readonly voidPart: number;
  readonly convictedHonest: number;
  readonly latency?: Row['latency'];
}

export function worldEffects(rows: readonly Row[]): WorldEffect[] {
  const own = rows.filter(({ table }) => table === 'world');
  return own.map((row) => {
    const base = own.find(
      ({ labels, share, epsilon }) => labels['variant'] === BASE_VARIANT && share === row.share && epsilon === row.epsilon,
    ) as Row;
    return {
      variant: String(row.labels['variant']),
      share: row.share,
      epsilon: row.epsilon,
      tasksPerDraw: Number(row.labels['batch']),
      ratePerDraw: round(row.rate, 3),
      upper95PerDraw: row.upper95,
      ratePerTaskLeast: round(row.rate / Number(row.labels['batch']), 3),
      ratePerTaskMost: round(row.rate, 3),
      redundancy: row.redundancy,
      rateAgainstBase: base.rate === 0 ? null : round(row.rate / base.rate, 3),
      redundancyAgainstBase: round(row.redundancy - base.redundancy, 3),
      voidPart: round(row.voids / row.draws, 3),
      convictedHonest: row.convictedHonest,
      ...(row.latency === undefined ? {} : { latency: row.latency }),
    };
  });
}
