import type { GasMarket } from './GasMarket.ts';

/** One operation whose gas is measured, on a market that was just opened. */
export interface GasOperation {
  /** Stable, for scripts. */
  readonly name: string;
  /** Gas that an earlier, independent measurement of the published contracts found (6.1.0, the same conditions). */
  readonly reference?: number;
  /** Most gas that our contracts may take. */
  readonly target?: number;
  /** Gas of the operation alone; what it needs before it is not counted. */
  run(market: GasMarket): Promise<bigint>;
}
