import type { AssetRow, CategoryRow, ContributionRow, DealRow, TaskRow } from '@gleaner/store';

/** A task with all its contributions, by position. */
export interface TaskProjection {
  readonly kind: 'task';
  readonly task: TaskRow;
  readonly contributions: readonly ContributionRow[];
}

/** What the events of one subject add up to. */
export type Projection =
  | { readonly kind: 'deal'; readonly deal: DealRow }
  | TaskProjection
  | { readonly kind: 'asset'; readonly asset: AssetRow }
  | { readonly kind: 'category'; readonly category: CategoryRow };

/** By subject. */
export type Projections = ReadonlyMap<string, Projection>;
