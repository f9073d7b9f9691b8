import type { Bytes32 } from '@gleaner/primitives';
import { resultHash } from '@gleaner/protocol';
import type { TaskOnChain } from '../ports.ts';
import type { Replicate } from './replicate.ts';

/** What a worker does next with one replicate. */
export type ReplicateStep =
  | { readonly do: 'compute' }
  /** Open what an enclave left. */
  | { readonly do: 'unseal' }
  | { readonly do: 'contribute'; readonly digest: Bytes32 }
  /** Upload, then contribute and finalise in one transaction: the way of an enclave at trust 1. */
  | { readonly do: 'settle'; readonly digest: Bytes32 }
  | { readonly do: 'reveal'; readonly digest: Bytes32 }
  | { readonly do: 'upload'; readonly archivePath: string }
  /** Nothing until the chain or the scheduler moves. */
  | { readonly do: 'wait' }
  /** Over for this worker; the record can go. */
  | { readonly do: 'forget'; readonly because: 'completed' | 'failed' | 'late' | 'rejected' };

const WAIT: ReplicateStep = { do: 'wait' };

/**
 * Decides from the record and the chain alone, so that a worker that was killed at any line goes on where it was.
 * The reveal never waits for the scheduler: the worker's stake depends on it.
 * @param now head timestamp of the chain
 */
export function decideReplicate(replicate: Replicate, task: TaskOnChain, now: bigint): ReplicateStep {
  switch (task.status) {
    case 'completed':
      return { do: 'forget', because: 'completed' };
    case 'failed':
      return { do: 'forget', because: 'failed' };
    case 'unset':
      return replicate.computed === undefined && replicate.sealed === undefined ? { do: 'compute' } : WAIT;
    case 'active':
      return decideActive(replicate, task, now);
    case 'revealing':
      return decideRevealing(replicate, task, now);
  }
}

function decideActive({ computed, sealed }: Replicate, task: TaskOnChain, now: bigint): ReplicateStep {
  if (task.contribution === 'rejected') return { do: 'forget', because: 'rejected' };
  if (task.contribution !== 'unset') return WAIT;
  if (now >= task.contributionDeadline) return { do: 'forget', because: 'late' };
  if (computed === undefined) return { do: sealed === undefined ? 'compute' : 'unseal' };
  return { do: computed.enclave?.settlesAlone === true ? 'settle' : 'contribute', digest: computed.digest };
}

function decideRevealing({ taskId, computed, uploadRequested, uploadedCid }: Replicate, task: TaskOnChain, now: bigint): ReplicateStep {
  if (task.contribution === 'unset') return { do: 'forget', because: 'late' };
  if (task.contribution === 'rejected') return { do: 'forget', because: 'rejected' };
  if (computed === undefined || resultHash(taskId, computed.digest) !== task.consensusValue) return WAIT;
  if (task.contribution === 'contributed') return now < task.revealDeadline ? { do: 'reveal', digest: computed.digest } : WAIT;
  return uploadRequested && uploadedCid === undefined ? { do: 'upload', archivePath: computed.archivePath } : WAIT;
}

/**
 * Whether the worker may give the task back when a step keeps failing. Once it has contributed its stake is locked:
 * then it goes on trying until the chain ends the task.
 */
export function mayGiveBack(task: TaskOnChain): boolean {
  return task.contribution === 'unset';
}
