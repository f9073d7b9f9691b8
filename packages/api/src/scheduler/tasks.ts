import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, dealId, decimal, isoMs, taskId } from '../http/fields.ts';
import { challengeData } from '../http/walletAuthorization.ts';
import { servedDeals } from './pools.ts';
import { replicateStatus, taskStatus } from './statuses.ts';

const chainId = z.string().regex(/^\d{1,20}$/, 'must be a chain id');

export const replicateView = z.object({
  walletAddress: address,
  currentStatus: replicateStatus,
  /** Absent for 0, as clients expect. */
  appExitCode: z.number().int().optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  statusUpdateList: z.array(z.object({ date: isoMs, status: replicateStatus })),
});
export type ReplicateView = z.infer<typeof replicateView>;

/** How far an enclave keeps anything secret. */
const enclave = z.object({ hardware: z.boolean(), notice: z.string() });

/** The pool's view of a task; the chain has the last word on status and money. */
export const taskView = z.object({
  taskId,
  dealId,
  index: z.number().int(),
  currentStatus: taskStatus,
  reason: z.object({ code: z.string(), message: z.string() }).optional(),
  resultCid: z.string().optional(),
  /** Absent for a task without one. */
  enclave: enclave.optional(),
  dateStatusList: z.array(z.object({ date: isoMs, status: taskStatus })),
  replicates: z.array(replicateView),
});
export type PoolTaskView = z.infer<typeof taskView>;

export const getPoolTask = defineEndpoint({
  method: 'GET',
  path: '/tasks/:taskId',
  summary: 'How the pool sees a task: its state, its replicates, and why it failed',
  params: z.object({ taskId }),
  answer: taskView,
});

/** The scheduler's challenge for a wallet, bare as the stock client expects it; a repeated call gives the same until it is an hour old. */
export const getTaskLogsChallenge = defineEndpoint({
  method: 'GET',
  path: '/tasks/logs/challenge',
  summary: 'EIP-712 data to sign; the authorization header is <hash>_<signature>_<address>, good for an hour',
  query: z.object({ address, chainId }),
  answer: challengeData,
});

export const getTaskLogs = defineEndpoint({
  method: 'GET',
  path: '/tasks/:taskId/logs',
  summary: 'What the program printed on each worker, the last 100 000 characters, for three days; for the requester alone',
  auth: 'wallet',
  params: z.object({ taskId }),
  answer: z.object({
    taskId,
    /** Absent for a task without one. */
    enclave: enclave.optional(),
    computeLogsList: z.array(z.object({ walletAddress: address, stdout: z.string(), stderr: z.string() })),
  }),
});

/** Who serves a pool right now; the base of a quote. */
export const getWorkerpoolStatus = defineEndpoint({
  method: 'GET',
  path: '/workerpools/:workerpool',
  summary: 'Workers of a pool that are connected, and how many tasks wait',
  params: z.object({ workerpool: address }),
  answer: z.object({
    workerpool: address,
    deals: servedDeals,
    queuedTasks: z.number().int(),
    workers: z.array(
      z.object({
        walletAddress: address,
        name: z.string(),
        score: decimal,
        kinds: z.array(z.string()),
        /** Of the enclaves that it runs; absent where it runs none. */
        enclave: enclave.optional(),
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
  summary: 'Where the scheduler of a workerpool answers, and which new deals of the pool it works on',
  params: z.object({ chainId, workerpool: address }),
  answer: z.object({ apiUrl: z.string(), deals: servedDeals }),
});
