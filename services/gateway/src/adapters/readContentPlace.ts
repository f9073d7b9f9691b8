import { readEnvironment } from '@gleaner/api/server';
import { parseS3Url } from '@gleaner/content';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that say where content lies and who may use it; for the gateway and nobody else. */
export const CONTENT_VARIABLES = [
  'GLEANER_CONTENT_URL',
  'GLEANER_CONTENT_KEY_FILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

export interface ContentPlace {
  /** `s3://bucket/prefix?endpoint=…`; a folder when absent. */
  readonly url?: string;
  /** Where its keys are read from. */
  readonly env?: Environment;
  /** Bytes that content may take; no limit when absent. */
  readonly quotaBytes?: number;
}

const environment = z.object({
  GLEANER_CONTENT_URL: z.string().optional(),
  /** Bytes that content may take; no limit when absent. */
  GLEANER_CONTENT_QUOTA: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
});

/** Place that the environment names. @throws {GleanerError} bad-request for what is no address of a bucket or no number of bytes */
export function readContentPlace(env: Environment): ContentPlace {
  const { GLEANER_CONTENT_URL: url, GLEANER_CONTENT_QUOTA: quotaBytes } = readEnvironment(environment, env);
  if (url) parseS3Url(url);
  return { ...(url && { url, env }), ...(quotaBytes !== undefined && { quotaBytes }) };
}
