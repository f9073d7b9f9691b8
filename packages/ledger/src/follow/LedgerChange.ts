import type { Address, DealId, TaskId } from '@gleaner/primitives';
import type { Head } from '@gleaner/store';
import { keysOf } from '../events/subjectOf.ts';

/**
 * The head moved; several moves may be told as one. The ids are those that changed from block `from` on;
 * with `from` 0 none is named and everything may have changed (the first look, or a reorganisation that another process followed).
 */
export interface LedgerChange {
  readonly head: Head;
  /** Reorganisations followed since the database began. */
  readonly rewinds: bigint;
  /** Lowest block that is new or was replaced. */
  readonly from: bigint;
  /** The chain was reorganised: rows may be gone. */
  readonly rewound: boolean;
  readonly dealIds: readonly DealId[];
  readonly taskIds: readonly TaskId[];
  readonly assets: readonly Address[];
}

type Named = 'dealIds' | 'taskIds' | 'assets';

export function toChange({ subjects, ...change }: Omit<LedgerChange, Named> & { readonly subjects: readonly string[] }): LedgerChange {
  return { ...change, dealIds: keysOf('deal', subjects), taskIds: keysOf('task', subjects), assets: keysOf('asset', subjects) };
}
