import { GleanerError } from '@gleaner/primitives';
import type { CID } from 'multiformats/cid';
import { formatCid, RAW } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';
import { parseNode } from './decodeNode.ts';

interface Item {
  readonly name: string;
  readonly cid: CID;
  readonly dagBytes: number;
}

/**
 * Items of a folder, by name. A large one is a tree of shards, in which names begin with their place; one that has nothing else is a shard below.
 * Cost: in the size of the blocks, as how names hash says where they are, so that a shard has one place; one with two would unfold to any
 * number of items.
 * @throws {GleanerError} bad-request when it is a file, content-corrupt when a shard is at two places
 */
export async function listFolder(read: BlockReader, folder: CID): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  const shards = [folder];
  for (let cid = shards.pop(); cid !== undefined; cid = shards.pop()) {
    const text = formatCid(cid);
    if (seen.has(text))
      throw new GleanerError('content-corrupt', `The shard ${text} of a folder is at two places`, { details: { cid: text } });
    seen.add(text);
    const { links, placeDigits } = openFolder(cid, await read(cid));
    for (const { Hash, Name = '', Tsize = 0 } of links) {
      if (placeDigits > 0 && Name.length === placeDigits) shards.push(Hash);
      else items.push({ name: Name.slice(placeDigits), cid: Hash, dagBytes: Tsize });
    }
  }
  return items.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function openFolder(cid: CID, bytes: Uint8Array) {
  const parsed = cid.code === RAW ? undefined : parseNode(cid, bytes);
  if (!parsed?.unixfs.isDirectory()) throw new GleanerError('bad-request', `${formatCid(cid)} is a file, not a folder`);
  const { type, fanout = 256n } = parsed.unixfs;
  return { links: parsed.node.Links, placeDigits: type === 'hamt-sharded-directory' ? (fanout - 1n).toString(16).length : 0 };
}
