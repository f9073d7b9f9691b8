import { type AnswerOf, createClient, getPoolTask, getTaskLogs as logsEndpoint, type PoolTaskView } from '@gleaner/api';
import type { TaskId } from '@gleaner/primitives';
import { bounded } from '../calls/bounded.ts';
import type { CallSettings } from '../calls/CallSettings.ts';
import { callOptions, type Gleaner } from '../createGleaner.ts';
import { authorizeAtScheduler } from '../pools/authorizeAtScheduler.ts';

/**
 * The pool's view of a task: who works on it, since when, and why it failed.
 * @throws {GleanerError} task-not-found, service-unreachable, timed-out, aborted
 */
export function getPoolTaskView(
  gleaner: Gleaner,
  schedulerUrl: string,
  taskId: TaskId,
  settings: CallSettings = {},
): Promise<PoolTaskView> {
  return bounded(gleaner, settings, (client) =>
    createClient({ baseUrl: schedulerUrl }).call(getPoolTask, { params: { taskId } }, callOptions(client)),
  );
}

export type TaskLogs = AnswerOf<typeof logsEndpoint>;

/**
 * What the program printed on each worker, the last 100 000 characters; the client's account is the requester of the task. Pools keep it for
 * three days.
 * @throws {GleanerError} key-not-found, forbidden to anybody else, task-not-found, service-unreachable, timed-out, aborted
 */
export function getTaskLogs(gleaner: Gleaner, schedulerUrl: string, taskId: TaskId, settings: CallSettings = {}): Promise<TaskLogs> {
  return bounded(gleaner, settings, async (client) => {
    const scheduler = createClient({ baseUrl: schedulerUrl });
    const authorization = await authorizeAtScheduler(client, scheduler);
    return await scheduler.call(logsEndpoint, { params: { taskId } }, { ...callOptions(client), authorization });
  });
}
