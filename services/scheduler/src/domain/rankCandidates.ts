import type { Address } from '@gleaner/primitives';

export interface Candidate {
  readonly wallet: Address;
  /** Programs it could start now, at least 1. */
  readonly free: number;
  /** It left a task waiting not long ago. */
  readonly late: boolean;
  /** Drawn at random. */
  readonly lot: number;
}

/**
 * Workers in the order in which they are asked: who was late comes last, then who has most free slots, and among equals the lot decides,
 * so that all earn alike and nobody can foresee who sits on a task together.
 */
export function rankCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => Number(a.late) - Number(b.late) || b.free - a.free || a.lot - b.lot);
}
