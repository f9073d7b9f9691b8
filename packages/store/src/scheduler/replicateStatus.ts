/** In the order in which a replicate goes through them; it may skip forward, never go back. */
export const REPLICATE_PROGRESS = [
  'offered',
  'accepted',
  'downloading',
  'computing',
  'computed',
  'contributing',
  'contributed',
  'revealing',
  'revealed',
  'uploading',
  'uploaded',
  'completed',
] as const;

/** `lost` may come back; `failed`, `aborted` and `completed` are final. */
export const REPLICATE_STATUSES = [...REPLICATE_PROGRESS, 'failed', 'aborted', 'lost'] as const;
export type ReplicateStatus = (typeof REPLICATE_STATUSES)[number];

/** Statuses in which a replicate occupies a slot of its worker; the partial index `replicate_holding_slot` names the same. */
export const SLOT_STATUSES = [
  'offered',
  'accepted',
  'downloading',
  'computing',
  'computed',
  'contributing',
] as const satisfies ReplicateStatus[];

/** Statuses that still expect something of the worker. */
export const OPEN_STATUSES = [
  ...SLOT_STATUSES,
  'contributed',
  'revealing',
  'revealed',
  'uploading',
  'uploaded',
] as const satisfies ReplicateStatus[];

/** The statuses from which a replicate may change to `status`; its own is not among them. */
export function statusesBefore(status: ReplicateStatus): readonly ReplicateStatus[] {
  if (status === 'lost') return OPEN_STATUSES;
  if (status === 'failed' || status === 'aborted') return [...OPEN_STATUSES, 'lost'];
  return [...REPLICATE_PROGRESS.slice(0, REPLICATE_PROGRESS.indexOf(status)), 'lost'];
}
