import type { ChainPort } from '../ports.ts';
import { whileActive } from './whileActive.ts';

/** A chain to which nothing is contributed: the worker waits until the task has gone on without it. */
export function withholdContributions(chain: ChainPort, { pollMs }: { pollMs: number }): ChainPort {
  return {
    ...chain,
    async contribute({ taskId }, signal) {
      await whileActive(chain, taskId, { look: async () => undefined, pollMs, signal });
    },
  };
}
