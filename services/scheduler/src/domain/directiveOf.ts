import type { Directive } from '@gleaner/api';
import type { TaskId } from '@gleaner/primitives';
import type { ReplicateRow } from '@gleaner/store';

/** What the pool wants of a worker for a task that the worker holds. */
export function directiveOf(taskId: TaskId, replicate: Pick<ReplicateRow, 'status' | 'failureMessage'> | undefined): Directive {
  if (replicate === undefined) return { taskId, action: 'abort', reason: 'This task was never given to this worker' };
  switch (replicate.status) {
    case 'failed':
    case 'aborted':
      return { taskId, action: 'abort', ...(replicate.failureMessage === null ? {} : { reason: replicate.failureMessage }) };
    case 'uploading':
      return { taskId, action: 'upload' };
    case 'contributed':
    case 'revealing':
    case 'revealed':
      return { taskId, action: 'wait' };
    default:
      return { taskId, action: 'continue' };
  }
}
