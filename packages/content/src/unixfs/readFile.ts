import { GleanerError } from '@gleaner/primitives';
import type { CID } from 'multiformats/cid';
import { formatCid } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';
import { decodeNode, type UnixFsNode } from './decodeNode.ts';

/** Most levels of a file. Writers need fewer than ten; each level more is a block to read before the first byte. */
const MAX_LEVELS = 64;

interface Pending {
  readonly cid: CID;
  readonly level: number;
  /** Where its bytes begin in the file. */
  readonly start: number;
  /** What its parent says about it; unknown for the root. */
  readonly sizeBytes: number | undefined;
}

/**
 * Bytes [from, to) of a file, in order. One block is read when the previous one has been taken, so a slow reader costs no memory.
 * @throws {GleanerError} content-corrupt when a part is not as long as its parent says, or lies too deep
 */
export async function* readFile(read: BlockReader, root: CID, from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
  const stack: Pending[] = [{ cid: root, level: 1, start: 0, sizeBytes: undefined }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const node = decodeNode(next.cid, await read(next.cid));
    assertPart(next, node);
    const own = node.data.subarray(clamp(from - next.start, node.data.length), clamp(to - next.start, node.data.length));
    if (own.length > 0) yield own;
    for (const child of childrenWithin(node, next, from, to).reverse()) stack.push(child);
  }
}

function childrenWithin(node: UnixFsNode, { start, level }: Pending, from: number, to: number): Pending[] {
  const children: Pending[] = [];
  let position = start + node.data.length;
  for (const { cid, sizeBytes } of node.links) {
    if (position < to && position + sizeBytes > from && sizeBytes > 0) children.push({ cid, level: level + 1, start: position, sizeBytes });
    position += sizeBytes;
  }
  return children;
}

function assertPart({ cid, level, sizeBytes }: Pending, node: UnixFsNode): void {
  const isPart = node.kind === 'file' && (sizeBytes === undefined || sizeBytes === node.sizeBytes);
  if (isPart && level <= MAX_LEVELS) return;
  const text = formatCid(cid);
  const problem = isPart ? `lies more than ${MAX_LEVELS} levels deep` : 'is not the part of the file that its parent names';
  throw new GleanerError('content-corrupt', `${text} ${problem}`, { details: { cid: text } });
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}
