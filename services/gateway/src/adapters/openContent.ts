import { join } from 'node:path';
import { type ContentStore, checkObjects, createDiskStore, createObjectStore, createS3Objects, parseS3Url } from '@gleaner/content';
import type { ResultIndex } from '../ports.ts';
import { openObjectIndex } from './openObjectIndex.ts';
import { openResultIndex } from './openResultIndex.ts';
import type { ContentPlace, Environment } from './readContentPlace.ts';
import { readS3Credentials } from './readS3Credentials.ts';

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
