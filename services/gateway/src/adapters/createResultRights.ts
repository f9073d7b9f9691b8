import type { EnclaveAuthorization } from '@gleaner/api';
import { type Chain, readHub } from '@gleaner/chain';
import type { Address, TaskId } from '@gleaner/primitives';
import { authorizationHash, isTeeTag, personalSignDigest } from '@gleaner/protocol';
import { decideUpload } from '../domain/decideUpload.ts';
import type { ResultRights } from '../ports.ts';

/** Rights as the hub gives them at the head of the chain. */
export function createResultRights(chain: Chain): ResultRights {
  const hub = readHub(chain);

  /** Whether the pool let this worker's enclave settle the task alone. */
  async function isSoleWorker(taskId: TaskId, worker: Address, { enclave, authorization }: EnclaveAuthorization): Promise<boolean> {
    const { dealId } = await hub.viewTask(taskId);
    const deal = await hub.viewDeal(dealId);
    if (deal === undefined || !isTeeTag(deal.tag) || deal.trust !== 1n) return false;
    const digest = personalSignDigest(authorizationHash(worker, taskId, enclave));
    return await hub.isSignedBy(deal.workerpool.owner, digest, authorization);
  }

  return {
    async mayUpload(taskId, worker, enclave) {
      const [task, contribution] = await Promise.all([hub.viewTask(taskId), hub.viewContribution({ taskId, worker })]);
      const isEarly = task.status === 'active' && enclave !== undefined && (await isSoleWorker(taskId, worker, enclave));
      return isEarly ? { allowed: true } : decideUpload(task, contribution, worker);
    },
  };
}
