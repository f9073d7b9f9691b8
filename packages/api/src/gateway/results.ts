import { z } from 'zod';
import { defineEndpoint } from '../http/defineEndpoint.ts';
import { address, taskId } from '../http/fields.ts';

/**
 * Answer to `POST /v1/results/:taskId`, whose body is the archive itself (`application/zip`, up to `MAX_ARCHIVE_BYTES`)
 * and whose `authorization` header comes from `signUpload`. `location` goes into the result link on chain.
 */
export const uploadedResult = z.object({
  ok: z.literal(true),
  cid: z.string(),
  location: z.string(),
  sizeBytes: z.number().int().nonnegative(),
});
export type UploadedResult = z.infer<typeof uploadedResult>;

/** Archives that workers have uploaded for a task, oldest first; empty when there is none. */
export const listResults = defineEndpoint({
  method: 'GET',
  path: '/v1/results/:taskId',
  summary: 'Archives that workers have uploaded for a task',
  params: z.object({ taskId }),
  answer: z.object({
    ok: z.literal(true),
    results: z.array(z.object({ worker: address, cid: z.string(), location: z.string() })),
  }),
});
