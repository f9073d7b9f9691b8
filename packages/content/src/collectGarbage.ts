import type { CID } from 'multiformats/cid';
import type { BlockKey, BlockStorage } from './BlockStorage.ts';
import type { Garbage } from './ContentStore.ts';
import { blockKey, cidOfPin } from './cids.ts';
import { decodeNode } from './unixfs/decodeNode.ts';

/**
 * Deletes what no pin reaches. A pinned root with a missing or corrupt block keeps what is left of it.
 * Cost: reads every pinned block.
 */
export async function collectGarbage(storage: BlockStorage, graceMs: number): Promise<Garbage> {
  const kept = new Set<BlockKey>();
  for (const name of await storage.listPins()) await mark(storage, cidOfPin(name), kept);
  return storage.sweep((key) => kept.has(key), graceMs);
}

async function mark(storage: BlockStorage, root: CID, kept: Set<BlockKey>): Promise<void> {
  const stack: CID[] = [root];
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    const key = blockKey(cid);
    if (kept.has(key)) continue;
    const bytes = await storage.get(key);
    if (bytes === undefined) continue;
    kept.add(key);
    stack.push(...childrenOf(cid, bytes));
  }
}

function childrenOf(cid: CID, bytes: Uint8Array): CID[] {
  try {
    return decodeNode(cid, bytes).links.map((link) => link.cid);
  } catch {
    return []; // corrupt: reading it will say so, collecting garbage must not stop for it
  }
}
