import type { CID } from 'multiformats/cid';
import { pinName } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';
import { decodeNode } from './decodeNode.ts';

/** Every block of files or folders once, parents first, in the order of their links; twice when it is named as a node and as plain bytes. */
export async function* walkDag(read: BlockReader, ...roots: CID[]): AsyncGenerator<{ cid: CID; bytes: Uint8Array }, void, undefined> {
  const seen = new Set<string>();
  const stack = roots.reverse();
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    const name = pinName(cid);
    if (seen.has(name)) continue;
    seen.add(name);
    const bytes = await read(cid);
    yield { cid, bytes };
    for (const link of decodeNode(cid, bytes).links.toReversed()) stack.push(link.cid);
  }
}
