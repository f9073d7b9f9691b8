import type { Cell, Tally } from '../cell.ts';
import type { Random } from '../random.ts';

/** A way to accept results, running against one fleet. */
export interface Policy {
  readonly tally: Tally;
  /** Handles one more task to its end, and whatever its outcome reopens. */
  draw(): void;
  /** For policies that keep a bag open: settles what is left. */
  finish?(): void;
  /** Times to acceptance that were kept; only with timing. */
  readonly latencies?: readonly number[];
}

export type MakePolicy = (cell: Cell, random: Random) => Policy;
