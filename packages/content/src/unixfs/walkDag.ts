import type { CID } from 'multiformats/cid';
import { blockKey } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';
import { decodeNode } from './decodeNode.ts';

/** Every block of files or folders once, parents first, in the order of their links. */
export async function* walkDag(read: BlockReader, ...roots: CID[]): AsyncGenerator<{ cid: CID; bytes: Uint8Array }, void, undefined> {
  const seen = new Set<string>();
  const stack = roots.reverse();
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    const key = blockKey(cid);
    if (seen.has(key)) continue;
    seen.add(key);
    const bytes = await read(cid);
    yield { cid, bytes };
    const children = decodeNode(cid, bytes).links.map((link) => link.cid);
    stack.push(...children.reverse());
  }
}
