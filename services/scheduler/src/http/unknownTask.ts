import { GleanerError, type TaskId } from '@gleaner/primitives';

export function unknownTask(taskId: TaskId): GleanerError {
  return new GleanerError('task-not-found', `This scheduler knows no task ${taskId}`, { details: { taskId } });
}
