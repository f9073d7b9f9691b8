import { MAX_LOG_CHARS } from '@gleaner/protocol';
import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, dealId, decimal, hex, taskId } from '../http/fields.ts';

/** Limits of one execution, the same for every replicate of a task so that all reach the same verdict. */
export const executionLimits = z.object({
  fuel: decimal,
  memoryBytes: z.number().int().positive(),
  stackBytes: z.number().int().positive(),
  outputBytes: z.number().int().positive(),
  outputFiles: z.number().int().positive(),
  stdioBytes: z.number().int().positive(),
  wallMs: z.number().int().positive(),
});

/**
 * One task offered to one worker; the terms (app, parameters, deadlines, stake) are on chain and the worker reads them there.
 * `authorization` is the pool owner's signature over (worker, task, no enclave). For a task that needs an enclave it is the invitation that
 * a secret service asks for; the one that counts on chain comes from `authorizeEnclave`.
 */
export const assignment = z.object({
  taskId,
  dealId,
  index: z.number().int().nonnegative(),
  authorization: hex,
  limits: executionLimits,
});
export type Assignment = z.infer<typeof assignment>;

/** What the scheduler wants of a worker next for one task. */
export const directive = z.object({
  taskId,
  action: z.enum(['continue', 'wait', 'upload', 'abort']),
  reason: z.string().optional(),
});
export type Directive = z.infer<typeof directive>;

/** Longest sentence about a failure. */
export const MAX_FAILURE_CHARS = 2000;

export const replicateReport = z.object({
  status: z.enum([
    'downloading',
    'computing',
    'computed',
    'contributing',
    'contributed',
    'revealing',
    'revealed',
    'uploading',
    'uploaded',
    'failed',
    'aborted',
    'completed',
  ]),
  atMs: z.number().int().nonnegative(),
  /** Only with `failed`: a reason code, a sentence, and whether every honest worker would fail the same way. */
  failure: z.object({ code: z.string().max(64), message: z.string().max(MAX_FAILURE_CHARS), deterministic: z.boolean() }).optional(),
  exitCode: z.number().int().optional(),
  fuelUsed: decimal.optional(),
  resultCid: z.string().max(128).optional(),
  logs: z.object({ stdout: z.string().max(MAX_LOG_CHARS), stderr: z.string().max(MAX_LOG_CHARS) }).optional(),
});
export type ReplicateReport = z.infer<typeof replicateReport>;

/**
 * Long poll for work: answers within `waitMs` with an assignment, or with none.
 * `holding` names the tasks the worker has on record; an accepted assignment that is not among them got lost on the way and is given again.
 */
export const nextWork = defineEndpoint({
  method: 'POST',
  path: '/work/next',
  timeoutMs: 25_000,
  auth: 'worker',
  body: z.object({ waitMs: z.number().int().min(0).max(20_000), holding: z.array(taskId).max(4096) }),
  answer: z.object({ assignment: assignment.optional() }),
});

/** Idempotent: repeating a report changes nothing and gets the same directive. */
export const reportReplicate = defineEndpoint({
  method: 'POST',
  path: '/replicates/:taskId/report',
  idempotent: true,
  bodyLimit: 1_000_000,
  auth: 'worker',
  params: z.object({ taskId }),
  body: replicateReport,
  answer: directive,
});

/**
 * Exchanges the approval of a secret service for the authorisation that the worker contributes with: the pool owner's signature over
 * (worker, task, enclave). Asked again for another enclave, as after a restart of the worker, it is given again until the worker has contributed.
 */
export const authorizeEnclave = defineEndpoint({
  method: 'POST',
  path: '/replicates/:taskId/enclave',
  summary: 'Authorises an enclave that a secret service has approved',
  idempotent: true,
  auth: 'worker',
  params: z.object({ taskId }),
  /** `approval`: the secret service's signature over `enclaveApprovalHash`. */
  body: z.object({ enclave: address, approval: hex }),
  answer: z.object({ authorization: hex }),
});
