import { type Cid, GleanerError, show } from '@gleaner/primitives';
import * as dagPb from '@ipld/dag-pb';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import type { BlockKey } from './BlockStorage.ts';

/** Multicodec codes of the two kinds of block: UnixFS nodes and plain bytes. */
const DAG_PB = dagPb.code;
export const RAW = raw.code;

/**
 * A content id from text.
 * @throws {GleanerError} bad-request when it is no CID, not UnixFS (dag-pb) or raw, or not hashed with sha2-256
 */
export function parseCid(text: string): CID {
  const cid = tryParse(text);
  const supported = (cid.code === DAG_PB || cid.code === RAW) && cid.multihash.code === sha256.code && cid.multihash.digest.length === 32;
  if (!supported) throw badReference(text, 'is not of a supported kind (dag-pb or raw, sha2-256)');
  return cid;
}

function tryParse(text: string): CID {
  try {
    return CID.parse(text);
  } catch (cause) {
    throw badReference(text, 'is not a content id', cause);
  }
}

export function isCid(text: string): boolean {
  try {
    parseCid(text);
    return true;
  } catch {
    return false;
  }
}

export interface ContentPath {
  readonly root: CID;
  readonly segments: readonly string[];
}

const MAX_PATH_LENGTH = 4096;

/**
 * `Qm…`, `Qm…/a/b`, `/ipfs/Qm…/a/b` or `/p2p/Qm…` (how a chain gives an `/ipfs/` multiaddress back).
 * Segments are names as stored, already percent-decoded; `.`, `..` and NUL are refused.
 * @throws {GleanerError} bad-request
 */
export function parseReference(reference: string): ContentPath {
  if (reference.length > MAX_PATH_LENGTH) throw badReference(reference, `is longer than ${MAX_PATH_LENGTH} characters`);
  const [root = '', ...segments] = reference
    .replace(/^\/(ipfs|p2p)\//, '')
    .replace(/\/+$/, '')
    .split('/');
  const wrong = segments.find((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\0'));
  if (wrong !== undefined) throw badReference(reference, 'has an empty or relative part in its path');
  return { root: parseCid(root), segments };
}

/** What a file is hashed with to have an id like this one; only the text of version 0 begins with `Qm`. */
export const cidVersionOf = (cid: string): 0 | 1 => (cid.startsWith('Qm') ? 0 : 1);

export function formatCid(cid: CID): Cid {
  return cid.toString() as Cid;
}

export function blockKey(cid: CID): BlockKey {
  return base32.encode(cid.multihash.bytes);
}

/** File-name safe name of a pin: the CIDv1 form, so both versions of an id are one pin. */
export function pinName(cid: CID): string {
  return cid.toV1().toString(base32);
}

export function cidOfPin(name: string): CID {
  const cid = CID.parse(name, base32);
  return cid.code === DAG_PB ? cid.toV0() : cid;
}

function badReference(text: string, problem: string, cause?: unknown): GleanerError {
  return new GleanerError('bad-request', `${show(text)} ${problem}`, {
    details: { reference: show(text) },
    ...(cause === undefined ? {} : { cause }),
  });
}
