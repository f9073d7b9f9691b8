import { findWorkerpoolApi, getPoolTask, getTaskLogs, getWorkerpoolStatus, type ReplicateView } from '@gleaner/api';
import { registerEndpoint } from '@gleaner/api/server';
import { GleanerError, type TaskId } from '@gleaner/primitives';
import { enclaveNotice } from '@gleaner/protocol';
import {
  countPoolTasksByState,
  findDeal,
  findPoolTask,
  listOnlineWorkers,
  listReplicates,
  listTaskLogs,
  type ReplicateRow,
} from '@gleaner/store';
import type { FastifyInstance } from 'fastify';
import { SILENCE_SEC } from '../domain/poolLimits.ts';
import type { Pool } from '../pool.ts';
import type { Scores } from '../scores.ts';

/** What everybody may read of a pool: its tasks, their logs, its workers, and where it answers. */
export function registerTaskRoutes(
  server: FastifyInstance,
  pool: Pool,
  options: { scores: Scores; chainId: bigint; publicUrl: () => string },
): void {
  const { store, workerpool } = pool;

  registerEndpoint(server, getPoolTask, async ({ params: { taskId } }) => {
    const task = await findPoolTask(store.db, taskId);
    if (task === undefined) throw unknownTask(taskId);
    const [replicates, deal] = await Promise.all([listReplicates(store.db, [taskId]), findDeal(store.db, task.dealId)]);
    const notice = deal && enclaveNotice({ tag: deal.tag, chainId: Number(options.chainId) });
    return {
      taskId: task.taskId,
      dealId: task.dealId,
      index: Number(task.index),
      currentStatus: task.state,
      ...(task.reasonCode === null ? {} : { reason: { code: task.reasonCode, message: task.reasonMessage ?? '' } }),
      ...(task.resultCid === null ? {} : { resultCid: task.resultCid }),
      ...(notice && { enclave: { hardware: false, notice } }),
      dateStatusList: task.history.map(({ state, atMs }) => ({ date: atMs, status: state })),
      replicates: replicates.map(toReplicateView),
    };
  });

  registerEndpoint(server, getTaskLogs, async ({ params: { taskId } }) => {
    const logs = await listTaskLogs(store.db, taskId);
    if (logs.length === 0 && (await findPoolTask(store.db, taskId)) === undefined) throw unknownTask(taskId);
    return { taskId, computeLogsList: logs.map(({ worker, stdout, stderr }) => ({ walletAddress: worker, stdout, stderr })) };
  });

  registerEndpoint(server, getWorkerpoolStatus, async ({ params }) => {
    assertOurPool(params.workerpool);
    const [workers, states] = await Promise.all([
      listOnlineWorkers(store.db, { workerpool, silentMs: Number(SILENCE_SEC) * 1000 }),
      countPoolTasksByState(store.db, workerpool),
    ]);
    const scoreOf = await options.scores.of(workers.map(({ wallet }) => wallet));
    return {
      workerpool,
      queuedTasks: (states['received'] ?? 0) + (states['initializing'] ?? 0) + (states['running'] ?? 0),
      workers: workers.map(({ wallet, name, kinds, slots, busy, lastSeenAt }) => ({
        walletAddress: wallet,
        name: name ?? '',
        score: scoreOf(wallet),
        kinds,
        slots,
        busy,
        lastSeenMs: lastSeenAt.getTime(),
      })),
    };
  });

  registerEndpoint(server, findWorkerpoolApi, async ({ params }) => {
    if (BigInt(params.chainId) !== options.chainId) throw new GleanerError('not-found', `Chain ${params.chainId} is not served here`);
    assertOurPool(params.workerpool);
    return { apiUrl: options.publicUrl() };
  });

  function assertOurPool(asked: string): void {
    if (asked.toLowerCase() === workerpool.toLowerCase()) return;
    throw new GleanerError('not-found', `Workerpool ${asked} is not served here; ${workerpool} is`, { details: { workerpool: asked } });
  }
}

function toReplicateView({ worker, status, exitCode, failureCode, failureMessage, stages }: ReplicateRow): ReplicateView {
  const updates = Object.entries(stages).map(([name, date]) => ({ date: Number(date), status: name }));
  return {
    walletAddress: worker,
    currentStatus: status,
    ...(exitCode === null ? {} : { appExitCode: exitCode }),
    ...(failureCode === null ? {} : { failure: { code: failureCode, message: failureMessage ?? '' } }),
    statusUpdateList: updates.sort((a, b) => a.date - b.date),
  };
}

function unknownTask(taskId: TaskId): GleanerError {
  return new GleanerError('task-not-found', `This pool knows no task ${taskId}`, { details: { taskId } });
}
