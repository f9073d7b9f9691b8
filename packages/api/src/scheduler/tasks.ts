import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, dealId, decimal, taskId } from '../http/fields.ts';

export const replicateView = z.object({
  walletAddress: address,
  currentStatus: z.string(),
  appExitCode: z.number().int().optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  statusUpdateList: z.array(z.object({ date: z.number().int().nonnegative(), status: z.string() })),
});
export type ReplicateView = z.infer<typeof replicateView>;

/** The pool's view of a task; the chain has the last word on status and money. */
export const taskView = z.object({
  taskId,
  dealId,
  index: z.number().int(),
  currentStatus: z.string(),
  reason: z.object({ code: z.string(), message: z.string() }).optional(),
  resultCid: z.string().optional(),
  /** How far an enclave keeps it secret; absent for a task without one. */
  enclave: z.object({ hardware: z.boolean(), notice: z.string() }).optional(),
  dateStatusList: z.array(z.object({ date: z.number().int().nonnegative(), status: z.string() })),
  replicates: z.array(replicateView),
});
export type PoolTaskView = z.infer<typeof taskView>;

export const getPoolTask = defineEndpoint({
  method: 'GET',
  path: '/tasks/:taskId',
  params: z.object({ taskId }),
  answer: taskView,
});

export const getTaskLogs = defineEndpoint({
  method: 'GET',
  path: '/tasks/:taskId/logs',
  params: z.object({ taskId }),
  answer: z.object({
    taskId,
    computeLogsList: z.array(z.object({ walletAddress: address, stdout: z.string(), stderr: z.string() })),
  }),
});

/** Who serves a pool right now; the base of a quote. */
export const getWorkerpoolStatus = defineEndpoint({
  method: 'GET',
  path: '/workerpools/:workerpool',
  params: z.object({ workerpool: address }),
  answer: z.object({
    workerpool: address,
    queuedTasks: z.number().int(),
    workers: z.array(
      z.object({
        walletAddress: address,
        name: z.string(),
        score: decimal,
        kinds: z.array(z.string()),
        slots: z.number().int(),
        busy: z.number().int(),
        lastSeenMs: z.number().int().nonnegative(),
      }),
    ),
  }),
});

/** Where a pool's scheduler answers, in the form that the stock client asks its compass for. */
export const findWorkerpoolApi = defineEndpoint({
  method: 'GET',
  path: '/:chainId/workerpools/:workerpool',
  params: z.object({ chainId: z.string().regex(/^\d+$/), workerpool: address }),
  answer: z.object({ apiUrl: z.string() }),
});
