import type { EnclaveAuthorization } from '@gleaner/api';
import { type Chain, type ChainTask, readHub } from '@gleaner/chain';
import { type Address, type TaskId, ZERO_ADDRESS } from '@gleaner/primitives';
import { authorizationHash, personalSignDigest } from '@gleaner/protocol';
import { decideUpload } from '../domain/decideUpload.ts';
import { maySettleAlone } from '../domain/maySettleAlone.ts';
import type { ResultRights } from '../ports.ts';

/** Rights as the hub gives them at the head of the chain. */
export function createResultRights(chain: Chain): ResultRights {
  const hub = readHub(chain);

  /** Whether the pool let this worker's enclave settle the task alone. */
  async function isAuthorized(task: ChainTask, taskId: TaskId, worker: Address, by: EnclaveAuthorization): Promise<boolean> {
    const [deal, broker] = await Promise.all([hub.viewDeal(task.dealId), hub.teeBroker()]);
    if (deal === undefined || !maySettleAlone(task, deal)) return false;
    const signer = broker === ZERO_ADDRESS ? deal.workerpool.owner : broker;
    const digest = personalSignDigest(authorizationHash(worker, taskId, by.enclave));
    return await hub.isSignedBy(signer, digest, by.authorization);
  }

  return {
    async mayUpload(taskId, worker, enclave) {
      const [task, contribution] = await Promise.all([hub.viewTask(taskId), hub.viewContribution({ taskId, worker })]);
      const isEarly = enclave !== undefined && (await isAuthorized(task, taskId, worker, enclave));
      return isEarly ? { allowed: true } : decideUpload(task, contribution, worker);
    },
  };
}
