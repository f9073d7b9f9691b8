import type { Cell, CellOutcome } from './cell.ts';
import { lowerLimit, upperLimit } from './limits.ts';

/** One cell with its figures, JSON-safe. */
export interface Row {
  readonly table: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly policy: string;
  /** Design share of the assured policy; null for the others, which have none. */
  readonly share: string | null;
  readonly f: number;
  readonly attack: string;
  readonly s: number;
  readonly epsilon: number;
  readonly operators: number;
  readonly windowDraws: number;
  readonly samplingPercent: number | null;
  readonly draws: number;
  readonly accepted: number;
  readonly voids: number;
  readonly errors: number;
  readonly rate: number;
  /** Exact one-sided 95 % limits of the rate. */
  readonly lower95: number;
  readonly upper95: number;
  /** Wrong and accepted at some time, those included that were reversed. */
  readonly everWrong: number;
  /** Executions per accepted draw, referees, checks and reruns included. */
  readonly redundancy: number;
  readonly redundancyLastQuarter: number;
  readonly disputes: number;
  readonly refereeVotes: number;
  readonly reopened: number;
  readonly convictedHostile: number;
  readonly convictedHonest: number;
  /** Times from the draw to the acceptance in median executions; only where time is modelled. */
  readonly latency?: { readonly p50: number; readonly p95: number; readonly p99: number };
}

export function toRow(cell: Cell, { tally, latencies }: CellOutcome): Row {
  const { errors, accepted } = tally;
  const isAssured = cell.policy === 'assured';
  return {
    table: cell.table,
    labels: cell.labels ?? {},
    policy: cell.policy,
    share: isAssured ? cell.share : null,
    f: cell.f,
    attack: cell.attack.name,
    s: cell.attack.rate,
    epsilon: 1 / cell.trust,
    operators: cell.operators,
    windowDraws: isAssured ? cell.window : 0,
    samplingPercent: isAssured ? round((cell.samplingRate * 100) / 65_536, 4) : null,
    draws: tally.draws,
    accepted,
    voids: tally.voids,
    errors,
    rate: accepted === 0 ? 0 : errors / accepted,
    lower95: round(lowerLimit(errors, accepted), 3),
    upper95: round(upperLimit(errors, accepted), 3),
    everWrong: tally.everWrong,
    redundancy: round(tally.executions / accepted, 5),
    redundancyLastQuarter: round(tally.lateExecutions / tally.lateAccepted, 5),
    disputes: tally.disputes,
    refereeVotes: tally.refereeVotes,
    reopened: tally.reopened,
    convictedHostile: tally.convictedHostile,
    convictedHonest: tally.convictedHonest,
    ...(latencies.length === 0 ? {} : { latency: quantiles(latencies) }),
  };
}

function quantiles(times: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number, 4);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** To so many significant digits. */
export const round = (value: number, digits: number): number => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : value);
