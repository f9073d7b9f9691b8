import { getPoolTask, getTaskLogs, type ReplicateView } from '@gleaner/api';
import { type Authenticate, registerEndpoint } from '@gleaner/api/server';
import { type Address, type Bytes32, GleanerError } from '@gleaner/primitives';
import { enclaveNotice, SIMULATED_ENCLAVE, type TaskState } from '@gleaner/protocol';
import { findDeal, findPoolTask, listReplicates, listTaskLogs, type ReplicateRow } from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { isAddressEqual } from 'viem';
import type { Pool } from '../pool.ts';
import { unknownTask } from './unknownTask.ts';

/** What everybody may read of a task, and what its requester may: the output of the program. */
export function registerTaskRoutes(
  server: FastifyInstance,
  { store }: Pool,
  options: { authenticate: Authenticate<Address>; chainId: bigint },
): void {
  const enclaveOf = ({ tag }: { readonly tag: Bytes32 }) =>
    enclaveNotice({ tag, chainId: Number(options.chainId) }) === undefined ? {} : { enclave: SIMULATED_ENCLAVE };

  registerEndpoint(server, getPoolTask, async ({ params: { taskId } }) => {
    const task = await findPoolTask(store.db, taskId);
    if (task === undefined) throw unknownTask(taskId);
    const [replicates, deal] = await Promise.all([listReplicates(store.db, [taskId]), findDeal(store.db, task.dealId)]);
    return {
      taskId: task.taskId,
      dealId: task.dealId,
      index: Number(task.index),
      currentStatus: task.state as TaskState,
      ...(task.reasonCode === null ? {} : { reason: { code: task.reasonCode, message: task.reasonMessage ?? '' } }),
      ...(task.resultCid === null ? {} : { resultCid: task.resultCid }),
      ...(deal && enclaveOf(deal)),
      dateStatusList: task.history.map(({ state, atMs }) => ({ date: atMs, status: state as TaskState })),
      replicates: replicates.map(toReplicateView),
    };
  });

  registerEndpoint(
    server,
    getTaskLogs,
    async ({ params: { taskId }, identity: caller }) => {
      const task = await findPoolTask(store.db, taskId);
      const deal = task && (await findDeal(store.db, task.dealId));
      if (deal === undefined) throw unknownTask(taskId);
      if (!isAddressEqual(deal.requester, caller)) {
        throw new GleanerError('forbidden', `Only the requester ${deal.requester} of task ${taskId} may read its logs`, {
          details: { taskId, requester: deal.requester, caller },
        });
      }
      const logs = await listTaskLogs(store.db, taskId);
      return {
        taskId,
        ...enclaveOf(deal),
        computeLogsList: logs.map(({ worker, stdout, stderr }) => ({ walletAddress: worker, stdout, stderr })),
      };
    },
    { authenticate: options.authenticate },
  );
}

function toReplicateView({ worker, status, exitCode, failureCode, failureMessage, stages }: ReplicateRow): ReplicateView {
  const updates = Object.entries(stages) as [ReplicateRow['status'], number][];
  return {
    walletAddress: worker,
    currentStatus: status,
    ...(exitCode === null || exitCode === 0 ? {} : { appExitCode: exitCode }),
    ...(failureCode === null ? {} : { failure: { code: failureCode, message: failureMessage ?? '' } }),
    statusUpdateList: updates.map(([name, date]) => ({ date: Number(date), status: name })).sort((a, b) => a.date - b.date),
  };
}
