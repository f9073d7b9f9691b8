import { type AnswerOf, createClient, getPoolTask, getTaskLogs as logsEndpoint, type PoolTaskView } from '@gleaner/api';
import type { TaskId } from '@gleaner/primitives';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorizeAtScheduler } from '../pools/authorizeAtScheduler.ts';

/** The pool's view of a task: who works on it, since when, and why it failed. @throws {GleanerError} task-not-found, service-unreachable */
export function getPoolTaskView(gleaner: Gleaner, schedulerUrl: string, taskId: TaskId): Promise<PoolTaskView> {
  return createClient({ baseUrl: schedulerUrl }).call(getPoolTask, { params: { taskId } }, callOptions(gleaner));
}

/**
 * What the program printed on each worker, the last 100 000 characters; the client's account is the requester of the task.
 * @throws {GleanerError} key-not-found, forbidden to anybody else, task-not-found, service-unreachable
 */
export async function getTaskLogs(gleaner: Gleaner, schedulerUrl: string, taskId: TaskId): Promise<AnswerOf<typeof logsEndpoint>> {
  const scheduler = createClient({ baseUrl: schedulerUrl });
  const authorization = await authorizeAtScheduler(gleaner, scheduler);
  return await scheduler.call(logsEndpoint, { params: { taskId } }, { ...callOptions(gleaner), authorization });
}
