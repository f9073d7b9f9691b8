import { HOSTILE_SHARE_NAMES, type HostileShare, SAMPLING_FLOOR } from '@gleaner/protocol';
import type { Attack } from '../attacks.ts';
import type { Cell, PolicyName } from '../cell.ts';

/** `quick` fits a minute on two cores; `full` has the published sizes or more. */
export type Size = 'quick' | 'full';

/** Draws of each operator that the reversal window spans, unless a table varies it. */
const WINDOW_DRAWS = 100;
export const SHARES: readonly HostileShare[] = HOSTILE_SHARE_NAMES;
/** ε = 1e-2, 1e-4, 1e-6. */
export const TRUSTS: readonly number[] = [100, 10_000, 1_000_000];

/** A cell of the assured policy unless told otherwise: 10 % sampling, a window of 100 draws per operator. */
export function cellOf(
  cell: Partial<Cell> & { readonly table: string; readonly attack: Attack; readonly f: number; readonly draws: number },
): Cell {
  const operators = cell.operators ?? 100;
  return {
    policy: 'assured',
    trust: 100,
    share: 'standard',
    repetitions: 1,
    window: WINDOW_DRAWS * operators,
    samplingRate: SAMPLING_FLOOR,
    ...cell,
    operators,
  };
}

/** A column of a table. */
export interface Column {
  readonly policy: PolicyName;
  readonly share?: HostileShare;
}

export const ASSURED_COLUMNS: readonly Column[] = SHARES.map((share) => ({ policy: 'assured', share }));

/** The row once for every column. */
export function acrossColumns(columns: readonly Column[], row: Parameters<typeof cellOf>[0]): Cell[] {
  return columns.map((column) => cellOf({ ...row, ...column }));
}
