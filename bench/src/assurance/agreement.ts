import type { Row } from './rows.ts';
import { round } from './rows.ts';
import { PUBLISHED } from './tables/referenceTable.ts';

export interface Agreement {
  readonly cell: string;
  readonly publishedRate: number;
  readonly rate: number;
  readonly publishedRedundancy: number;
  readonly redundancy: number;
  readonly agrees: boolean;
}

/** Published figures have two digits, and their errors come in bursts of one operator, so that limits for single errors are too narrow. */
const RATE_FACTOR = 2;
const REDUNDANCY_PART = 0.04;

/**
 * Our other policies beside the published simulator's: redundancy within 4 %; rates within a factor of 2, or too rare to tell.
 * @param rows of the reference table, in its order
 */
export function checkAgreement(rows: readonly Row[]): Agreement[] {
  return PUBLISHED.map(({ rate, redundancy }, index) => {
    const row = rows[index] as Row;
    const sameRate = rate === 0 ? row.errors <= 5 : row.upper95 * RATE_FACTOR >= rate && row.lower95 <= rate * RATE_FACTOR;
    return {
      cell: `${row.policy}, f = ${row.f}, ${row.attack} s = ${row.s}, ε = ${row.epsilon}`,
      publishedRate: rate,
      rate: round(row.rate, 3),
      publishedRedundancy: redundancy,
      redundancy: row.redundancy,
      agrees: sameRate && Math.abs(row.redundancy / redundancy - 1) <= REDUNDANCY_PART,
    };
  });
}
