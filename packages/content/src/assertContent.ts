import { GleanerError } from '@gleaner/primitives';
import type { ContentSource } from './ContentStore.ts';
import { cidVersionOf } from './cids.ts';
import { computeCid } from './computeCid.ts';

/**
 * That the bytes of one file, from whoever is not trusted, are those of a content id.
 * @throws {GleanerError} content-corrupt when they are others
 */
export async function assertContent(source: ContentSource, cid: string): Promise<void> {
  const actual = await computeCid(source, { cidVersion: cidVersionOf(cid) });
  if (actual === cid) return;
  throw new GleanerError('content-corrupt', `The bytes handed over as ${cid} hash to ${actual}`, { details: { cid, actual } });
}
