import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskId } from '@gleaner/primitives';
import type { ChainPort } from '../ports.ts';

/**
 * Looks every `pollMs` until `look` gives something, and gives that; `undefined` as soon as the task takes no contributions any more.
 * @throws what the chain throws, and the reason of the signal
 */
export async function whileActive<T>(
  chain: ChainPort,
  taskId: TaskId,
  { look, pollMs, signal }: { look: () => Promise<T | undefined>; pollMs: number; signal: AbortSignal },
): Promise<T | undefined> {
  for (;;) {
    const task = (await chain.readTasks([taskId], signal)).get(taskId);
    if (task?.status !== 'active') return undefined;
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(pollMs, undefined, { signal });
  }
}
