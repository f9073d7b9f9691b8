import { type AnswerOf, createClient, getPoolTask, getTaskLogs as logsEndpoint, type PoolTaskView } from '@gleaner/api';
import type { TaskId } from '@gleaner/primitives';
import { callOptions, type Gleaner } from '../createGleaner.ts';

/** The pool's view of a task: who works on it, since when, and why it failed. @throws {GleanerError} task-not-found, service-unreachable */
export function getPoolTaskView(gleaner: Gleaner, schedulerUrl: string, taskId: TaskId): Promise<PoolTaskView> {
  return createClient({ baseUrl: schedulerUrl }).call(getPoolTask, { params: { taskId } }, callOptions(gleaner));
}

/** What the program printed on each worker, the last 100 000 characters. @throws {GleanerError} task-not-found, service-unreachable */
export function getTaskLogs(gleaner: Gleaner, schedulerUrl: string, taskId: TaskId): Promise<AnswerOf<typeof logsEndpoint>> {
  return createClient({ baseUrl: schedulerUrl }).call(logsEndpoint, { params: { taskId } }, callOptions(gleaner));
}
