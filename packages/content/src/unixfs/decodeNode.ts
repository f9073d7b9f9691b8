import { GleanerError } from '@gleaner/primitives';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { formatCid, RAW } from '../cids.ts';

/** A block of a file or folder, taken apart. */
export interface UnixFsNode {
  readonly kind: 'file' | 'folder';
  /** Bytes that lie in this node itself; empty for inner nodes and folders. */
  readonly data: Uint8Array;
  /** Children; for files `sizeBytes` says how many bytes of the file lie below, for folders it is 0. */
  readonly links: readonly { readonly cid: CID; readonly sizeBytes: number }[];
  /** Bytes of the file from here down; 0 for folders. */
  readonly sizeBytes: number;
}

/**
 * Takes a verified block apart.
 * @throws {GleanerError} content-corrupt when it is not UnixFS, or its sizes contradict its links
 */
export function decodeNode(cid: CID, bytes: Uint8Array): UnixFsNode {
  if (cid.code === RAW) return { kind: 'file', data: bytes, links: [], sizeBytes: bytes.length };
  const { node, unixfs } = parseNode(cid, bytes);
  if (unixfs.isDirectory()) {
    return { kind: 'folder', data: new Uint8Array(), links: node.Links.map((link) => ({ cid: link.Hash, sizeBytes: 0 })), sizeBytes: 0 };
  }
  if (unixfs.type !== 'file' && unixfs.type !== 'raw') throw notUnixFs(cid, `a ${unixfs.type} is not supported`);
  return fileNode(cid, node, unixfs);
}

/** @throws {GleanerError} content-corrupt when it is not UnixFS */
export function parseNode(cid: CID, bytes: Uint8Array): { node: dagPb.PBNode; unixfs: UnixFS } {
  try {
    const node = dagPb.decode(bytes);
    if (node.Data === undefined) throw new TypeError('no data');
    return { node, unixfs: UnixFS.unmarshal(node.Data) };
  } catch (cause) {
    throw notUnixFs(cid, 'its block does not follow UnixFS', cause);
  }
}

function fileNode(cid: CID, node: dagPb.PBNode, unixfs: UnixFS): UnixFsNode {
  const data = unixfs.data ?? new Uint8Array();
  if (node.Links.length !== unixfs.blockSizes.length) throw notUnixFs(cid, 'its sizes and links differ in number');
  const links = node.Links.map((link, index) => ({ cid: link.Hash, sizeBytes: Number(unixfs.blockSizes[index]) }));
  const sizeBytes = links.reduce((sum, link) => sum + link.sizeBytes, data.length);
  if (!Number.isSafeInteger(sizeBytes)) throw notUnixFs(cid, 'it claims an impossible size');
  return { kind: 'file', data, links, sizeBytes };
}

function notUnixFs(cid: CID, problem: string, cause?: unknown): GleanerError {
  const text = formatCid(cid);
  return new GleanerError('content-corrupt', `${text}: ${problem}`, {
    details: { cid: text },
    ...(cause === undefined ? {} : { cause }),
  });
}
