import { sleeper } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { ASSURED_COLUMNS, acrossColumns, cellOf, SHARES, type Size } from './cells.ts';

const OPERATORS = 200;
const DRAWS = 2_000 * OPERATORS;

/** Honest until one vote suffices, ε = 1e-2: without sampling and window, and with 5, 10, 20 % sampled. */
export function sleeperTable(size: Size): Cell[] {
  const operators = size === 'full' ? OPERATORS : OPERATORS / 2;
  const base = { table: 'sleepers', operators, draws: 2_000 * operators, repetitions: size === 'full' ? 10 : 1 };
  const shares = size === 'full' ? [0.05, 0.2, 0.35] : [0.2, 0.35];
  return shares.flatMap((f) =>
    [0.01, 0.1, 1].flatMap((rate) => {
      const row = { ...base, f, attack: sleeper(rate) };
      const sampled = [0, 3_277, 6_554, 13_108].flatMap((samplingRate) =>
        SHARES.map((share) =>
          cellOf({
            ...row,
            share,
            samplingRate,
            labels: { sampled: `${Math.round(samplingRate / 655.36)} %` },
            ...(samplingRate === 0 ? { window: 0 } : {}),
          }),
        ),
      );
      return [...acrossColumns([{ policy: 'boinc' }, { policy: 'poco' }, { policy: 'sarmenta' }], row), ...sampled];
    }),
  );
}

/** The goal for sleepers: f = 0.3, every rate, ours and PoCo. */
export function sleeperGoalTable(size: Size): Cell[] {
  const base = { table: 'sleeper-goal', operators: OPERATORS, draws: DRAWS, f: 0.3, repetitions: size === 'full' ? 20 : 3 };
  return [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1].flatMap((rate) =>
    acrossColumns([{ policy: 'poco' }, ...ASSURED_COLUMNS], { ...base, attack: sleeper(rate) }),
  );
}

/** Length of the reversal window, in draws per operator. */
export function windowTable(size: Size): Cell[] {
  const base = { table: 'window', operators: OPERATORS, draws: DRAWS, f: 0.3, repetitions: size === 'full' ? 10 : 1 };
  return [1, 0.3, 0.1, 0.03, 0.01].flatMap((rate) =>
    [0, 10, 30, 100, 300, 1_000].flatMap((perOperator) =>
      acrossColumns(ASSURED_COLUMNS, {
        ...base,
        attack: sleeper(rate),
        window: perOperator * OPERATORS,
        labels: { window: perOperator },
      }),
    ),
  );
}
