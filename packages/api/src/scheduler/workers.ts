import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, hex, taskId } from '../http/fields.ts';
import { directive } from './replicates.ts';

/** A sentence to sign (personal_sign); valid for five minutes, for one login. */
export const workerChallenge = defineEndpoint({
  method: 'GET',
  path: '/workers/challenge',
  query: z.object({ wallet: address }),
  answer: z.object({ challenge: z.string() }),
});

/** Exchanges a signed challenge for a session token, sent as `Authorization: Bearer <token>` from then on. */
export const workerLogin = defineEndpoint({
  method: 'POST',
  path: '/workers/login',
  body: z.object({ wallet: address, signature: hex }),
  answer: z.object({ token: z.string() }),
});

export const registerWorker = defineEndpoint({
  method: 'POST',
  path: '/workers/register',
  auth: 'worker',
  body: z.object({
    name: z.string().min(1).max(64),
    os: z.string().max(64),
    cpuCount: z.number().int().positive(),
    memoryBytes: z.number().int().positive(),
    kinds: z.array(z.enum(['wasi', 'oci', 'native', 'dev-enclave'])).min(1),
    slots: z.number().int().min(1).max(1024),
  }),
  answer: z.object({ pingMs: z.number().int().positive(), workerpool: address }),
});

/** Heartbeat; the answer carries what the scheduler wants of replicates this worker holds. */
export const pingWorker = defineEndpoint({
  method: 'POST',
  path: '/workers/ping',
  auth: 'worker',
  body: z.object({ holding: z.array(taskId).max(4096) }),
  answer: z.object({ directives: z.array(directive) }),
});
