import type { CID } from 'multiformats/cid';
import type { BlockKey, BlockStorage } from './BlockStorage.ts';
import type { Garbage } from './ContentStore.ts';
import { blockKey, cidOfPin, RAW } from './cids.ts';
import { hashesTo } from './hashesTo.ts';
import { decodeNode } from './unixfs/decodeNode.ts';

/** What hangs below a block is lost when its links cannot be read, so a damaged one is read again. */
const READINGS = 3;

interface Marks {
  readonly kept: Set<BlockKey>;
  /** Blocks whose links were followed: what only a plain id names is kept without. */
  readonly followed: Set<BlockKey>;
  readonly leaves: Set<BlockKey>;
}

/** Collects the garbage of one place again and again, and remembers which kept nodes have no links: a block never changes. */
export class GarbageCollector {
  readonly #storage: BlockStorage;
  #leaves: ReadonlySet<BlockKey> = new Set();

  constructor(storage: BlockStorage) {
    this.#storage = storage;
  }

  /**
   * Deletes what no pin reaches. A pinned root with a missing or corrupt block keeps what is left of it.
   * Cost: reads every pinned block the first time, afterwards those with links and the new ones.
   */
  async collect(graceMs: number): Promise<Garbage> {
    const marks: Marks = { kept: new Set(), followed: new Set(), leaves: new Set() };
    for (const name of await this.#storage.listPins()) await this.#mark(cidOfPin(name), marks);
    this.#leaves = marks.leaves;
    return this.#storage.sweep((key) => marks.kept.has(key), graceMs);
  }

  /** One block may be a node under one id and plain bytes under another, so having kept it does not mean that its links were followed. */
  async #mark(root: CID, { kept, followed, leaves }: Marks): Promise<void> {
    const stack: CID[] = [root];
    for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
      const key = blockKey(cid);
      if (cid.code === RAW) kept.add(key);
      if (cid.code === RAW || followed.has(key)) continue;
      followed.add(key);
      const children = await this.#childrenOf(cid, key);
      if (children === 'absent') continue;
      kept.add(key);
      if (children === 'corrupt') continue;
      if (children.length === 0) leaves.add(key);
      for (const child of children) stack.push(child);
    }
  }

  async #childrenOf(cid: CID, key: BlockKey): Promise<readonly CID[] | 'absent' | 'corrupt'> {
    if (this.#leaves.has(key)) return [];
    for (let reading = 1; ; reading += 1) {
      const bytes = await this.#storage.get(key);
      if (bytes === undefined) return 'absent';
      if (hashesTo(key, bytes)) return linksOf(cid, bytes);
      // once may be the way's fault. If it is the place's: reading will say so and adding repairs it; this must not stop for it
      if (reading === READINGS) return 'corrupt';
    }
  }
}

function linksOf(cid: CID, bytes: Uint8Array): readonly CID[] | 'corrupt' {
  try {
    return decodeNode(cid, bytes).links.map((link) => link.cid);
  } catch {
    return 'corrupt';
  }
}
