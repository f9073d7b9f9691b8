import { mayBecome, REPLICATE_STATUSES, type ReplicateStatus } from '@gleaner/protocol';

/**
 * Statuses in which a replicate occupies a slot of its worker: until its program has run. Waiting for blocks costs the worker nothing.
 * The partial index `replicate_holding_slot` covers these and two more.
 */
export const SLOT_STATUSES = ['offered', 'accepted', 'downloading', 'computing'] as const satisfies ReplicateStatus[];

/** Statuses that still expect something of the worker. */
export const OPEN_STATUSES = [
  ...SLOT_STATUSES,
  'computed',
  'contributing',
  'contributed',
  'revealing',
  'revealed',
  'uploading',
  'uploaded',
] as const satisfies ReplicateStatus[];

/** The statuses from which a replicate may change to `status`, by the rules of the protocol. */
export function statusesBefore(status: ReplicateStatus): readonly ReplicateStatus[] {
  return REPLICATE_STATUSES.filter((from) => mayBecome(from, status));
}
