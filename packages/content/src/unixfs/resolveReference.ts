import { GleanerError, isGleanerError } from '@gleaner/primitives';
import { type ReadableStorage, walkPath } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import { type ContentPath, formatCid } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';

/**
 * The id at the end of a path, through folders of any size.
 * @throws {GleanerError} content-not-found when a folder has no such name
 */
export async function resolveReference(read: BlockReader, { root, segments }: ContentPath): Promise<CID> {
  let cid = root;
  for (const segment of segments) cid = await step(read, cid, segment);
  return cid;
}

async function step(read: BlockReader, folder: CID, name: string): Promise<CID> {
  const path = `${folder}/${name}`;
  let found: CID | undefined;
  try {
    for await (const entry of walkPath(path, storage(read))) if (entry.remainder.length === 0) found = entry.cid;
  } catch (cause) {
    if (isGleanerError(cause)) throw cause;
    throw noSuchName(folder, name, cause);
  }
  if (found === undefined || found.equals(folder)) throw noSuchName(folder, name);
  return found;
}

function storage(read: BlockReader): ReadableStorage {
  return {
    async *get(cid) {
      yield await read(cid);
    },
  };
}

function noSuchName(folder: CID, name: string, cause?: unknown): GleanerError {
  return new GleanerError('content-not-found', `${formatCid(folder)} has no item named ${JSON.stringify(name.slice(0, 100))}`, {
    details: { cid: formatCid(folder) },
    ...(cause === undefined ? {} : { cause }),
  });
}
