import { synchronised } from '../attacks.ts';
import type { Cell } from '../cell.ts';
import { ASSURED_COLUMNS, acrossColumns, type Column, type Size, TRUSTS } from './cells.ts';

const LONG_RATES: readonly number[] = [0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1];
/** Draws of each operator over the run. */
const LIFETIME_DRAWS = 10_000;

/** Runs of 1e6 draws of one cell: at ε = 1e-6 enough for an upper limit below ε after the errors to be expected. */
function repetitionsFor({ trust, rate, size, column }: { trust: number; rate: number; size: Size; column: Column }): number {
  if (size === 'full') return trust === 1_000_000 ? 20 : 10;
  if (trust !== 1_000_000 || column.share !== 'standard') return 1;
  return rate < 0.0005 ? 10 : 4;
}

/** Whole lives of 1e4 draws per operator at f = 0.2, down to rates at which a cheat is hardly ever seen. */
export function longTable(size: Size): Cell[] {
  const operators = 100;
  const base = { table: 'long', f: 0.2, operators, draws: LIFETIME_DRAWS * operators };
  const assured = LONG_RATES.flatMap((rate) =>
    TRUSTS.flatMap((trust) =>
      ASSURED_COLUMNS.flatMap((column) => {
        const repetitions = repetitionsFor({ trust, rate, size, column });
        return acrossColumns([column], { ...base, trust, attack: synchronised(rate), repetitions });
      }),
    ),
  );
  const others = TRUSTS.flatMap((trust) =>
    acrossColumns([{ policy: 'boinc' }, { policy: 'poco' }], { ...base, trust, attack: synchronised(0.1) }),
  );
  return [...assured, ...others];
}
