import { join } from 'node:path';
import { type ContentStore, checkObjects, createDiskStore, createObjectStore, createS3Objects, parseS3Url } from '@gleaner/content';
import type { ResultIndex } from '../ports.ts';
import { openObjectIndex } from './openObjectIndex.ts';
import { openResultIndex } from './openResultIndex.ts';
import { readS3Credentials } from './readS3Credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

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

/** Place that the environment names. @throws {GleanerError} bad-request when it is no address of a bucket */
export function readContentPlace(env: Environment): ContentPlace {
  const { GLEANER_CONTENT_URL: url } = env;
  if (!url) return {};
  parseS3Url(url);
  return { url, env };
}

/**
 * Content and the index of results: below a folder, or in a bucket, which is tried out first.
 * @throws {GleanerError} disk-full, data-unreadable; bad-request, key-not-found, key-invalid, storage-unreachable, storage-refused
 */
export async function openContent(dataDir: string, place: ContentPlace = {}): Promise<{ content: ContentStore; index: ResultIndex }> {
  const options = place.quotaBytes === undefined ? {} : { quotaBytes: place.quotaBytes };
  if (place.url === undefined) {
    return { content: await createDiskStore(join(dataDir, 'content'), options), index: await openResultIndex(join(dataDir, 'results')) };
  }
  const objects = await openBucket(place.url, place.env);
  return { content: createObjectStore(objects, options), index: openObjectIndex(objects) };
}

/**
 * Tries out the bucket that a place names; nothing to do for a folder.
 * @returns what was tried, for people
 * @throws {GleanerError} as `openContent`
 */
export async function checkContent({ url, env }: ContentPlace): Promise<string | undefined> {
  return url === undefined ? undefined : (await openBucket(url, env)).place;
}

async function openBucket(url: string, env: Environment = {}) {
  const objects = createS3Objects(parseS3Url(url), { credentials: await readS3Credentials(env) });
  await checkObjects(objects);
  return objects;
}
