import { GleanerError } from '@gleaner/primitives';
import type { CID } from 'multiformats/cid';
import { formatCid } from '../cids.ts';
import type { BlockReader } from './BlockReader.ts';
import { decodeNode, type UnixFsNode } from './decodeNode.ts';

interface Pending {
  readonly cid: CID;
  /** Where its bytes begin in the file. */
  readonly start: number;
  /** What its parent says about it; unknown for the root. */
  readonly sizeBytes: number | undefined;
}

/**
 * Bytes [from, to) of a file, in order. One block is read when the previous one has been taken, so a slow reader costs no memory.
 * @throws {GleanerError} content-corrupt when a part is not as long as its parent says
 */
export async function* readFile(read: BlockReader, root: CID, from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
  const stack: Pending[] = [{ cid: root, start: 0, sizeBytes: undefined }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const node = decodeNode(next.cid, await read(next.cid));
    assertSize(next, node);
    const own = node.data.subarray(clamp(from - next.start, node.data.length), clamp(to - next.start, node.data.length));
    if (own.length > 0) yield own;
    stack.push(...childrenWithin(node, next.start, from, to).reverse());
  }
}

function childrenWithin(node: UnixFsNode, start: number, from: number, to: number): Pending[] {
  const children: Pending[] = [];
  let position = start + node.data.length;
  for (const { cid, sizeBytes } of node.links) {
    if (position < to && position + sizeBytes > from && sizeBytes > 0) children.push({ cid, start: position, sizeBytes });
    position += sizeBytes;
  }
  return children;
}

function assertSize({ cid, sizeBytes }: Pending, node: UnixFsNode): void {
  if (node.kind === 'file' && (sizeBytes === undefined || sizeBytes === node.sizeBytes)) return;
  const text = formatCid(cid);
  throw new GleanerError('content-corrupt', `${text} is not the part of the file that its parent names`, { details: { cid: text } });
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}
