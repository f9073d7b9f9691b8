/** Way of one worker's attempt, in order; reports may skip steps but never go back, save for a new upload. */
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
const ENDS = ['failed', 'aborted', 'lost'] as const;

export const REPLICATE_STATUSES = [...REPLICATE_PROGRESS, ...ENDS] as const;
export type ReplicateStatus = (typeof REPLICATE_STATUSES)[number];

const position = (status: ReplicateStatus): number => (REPLICATE_PROGRESS as readonly ReplicateStatus[]).indexOf(status);

/**
 * Statuses that may follow. `completed`, `failed` and `aborted` are final.
 * A lost worker may come back at whatever step it had reached; an upload that failed or got lost may be asked for again.
 */
export function nextReplicateStatuses(status: ReplicateStatus): readonly ReplicateStatus[] {
  if (status === 'completed' || status === 'failed' || status === 'aborted') return [];
  if (status === 'lost') return [...REPLICATE_PROGRESS.slice(position('accepted')), 'failed', 'aborted'];
  const again: ReplicateStatus[] = status === 'uploading' || status === 'uploaded' ? ['revealed'] : [];
  return [...again, ...REPLICATE_PROGRESS.slice(position(status) + 1), ...ENDS];
}

export function mayBecome(from: ReplicateStatus, to: ReplicateStatus): boolean {
  return nextReplicateStatuses(from).includes(to);
}

export const isUploading = (status: ReplicateStatus): boolean => status === 'uploading' || status === 'uploaded';

/** Ended without hope that this worker delivers, unless a lost one comes back. */
export const isDropped = (status: ReplicateStatus): boolean => (ENDS as readonly ReplicateStatus[]).includes(status);
