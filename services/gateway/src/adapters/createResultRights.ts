import { type Chain, readHub } from '@gleaner/chain';
import { decideUpload } from '../domain/decideUpload.ts';
import type { ResultRights } from '../ports.ts';

/** Rights as the hub gives them at the head of the chain. */
export function createResultRights(chain: Chain): ResultRights {
  const hub = readHub(chain);
  return {
    async mayUpload(taskId, worker) {
      const [task, contribution] = await Promise.all([hub.viewTask(taskId), hub.viewContribution({ taskId, worker })]);
      return decideUpload(task, contribution, worker);
    },
  };
}
