import type { Bytes32, Hex } from '@gleaner/primitives';
import { bytesToHex, hexToBytes, keccak256 } from 'viem';
import { decodeRlp, type RlpItem } from './strictRlp.ts';

export interface TrieProof {
  readonly root: Bytes32;
  readonly key: Hex;
  /** RLP of each node that its parent names by hash, the root first. */
  readonly proof: readonly Hex[];
  readonly value: Hex;
}

/** Number of children of a branch; its value comes after them. */
const BRANCH = 16;

/**
 * Whether the proof leads from the root of a hexary Merkle–Patricia trie along the key to this value, with no node left over.
 * Source: Yellow Paper, appendix D.
 */
export function isProven({ root, key, proof, value }: TrieProof): boolean {
  try {
    const rest = [...proof];
    const found = walk(openNode(hexToBytes(root), rest), [...key.slice(2)].map(fromDigit), rest);
    return rest.length === 0 && found !== undefined && bytesToHex(found) === value;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const fromDigit = (digit: string): number => Number.parseInt(digit, 16);

/** The node a parent names: inside it, or the next of the proof when that has the hash. */
function openNode(reference: RlpItem | undefined, rest: Hex[]): readonly RlpItem[] | undefined {
  if (reference === undefined) return undefined;
  if (!(reference instanceof Uint8Array)) return reference;
  const node = rest.shift();
  if (node === undefined || reference.length !== 32 || keccak256(node) !== bytesToHex(reference)) return undefined;
  const opened = decodeRlp(hexToBytes(node));
  return opened instanceof Uint8Array ? undefined : opened;
}

function walk(node: readonly RlpItem[] | undefined, nibbles: readonly number[], rest: Hex[]): Uint8Array | undefined {
  if (node?.length === BRANCH + 1) {
    const [next, ...further] = nibbles;
    return next === undefined ? contentOf(node[BRANCH]) : walk(openNode(node[next], rest), further, rest);
  }
  if (node?.length !== 2) return undefined;
  const { isLeaf, path } = readPath(node[0]);
  if (path.some((nibble, at) => nibble !== nibbles[at])) return undefined;
  if (isLeaf) return path.length === nibbles.length ? contentOf(node[1]) : undefined;
  return walk(openNode(node[1], rest), nibbles.slice(path.length), rest);
}

const contentOf = (item: RlpItem | undefined): Uint8Array | undefined => (item instanceof Uint8Array && item.length > 0 ? item : undefined);

/** Hex-prefix encoding: the first nibble holds «leaf» (2) and «odd» (1); even paths are padded with a zero nibble. */
function readPath(item: RlpItem | undefined): { isLeaf: boolean; path: readonly number[] } {
  if (!(item instanceof Uint8Array) || item.length === 0) throw new RangeError('A node without a path');
  const [flags = 0, ...path] = [...bytesToHex(item).slice(2)].map(fromDigit);
  if (flags > 3 || (flags % 2 === 0 && path[0] !== 0)) throw new RangeError('A path with unknown flags');
  return { isLeaf: flags >= 2, path: flags % 2 === 1 ? path : path.slice(1) };
}
