// Merkle-Patricia tries (Ethereum Yellow Paper, appendix D): a proof lists each node that its parent names by hash, the root first.

import { equalBytes, keccak, toHex } from './bytes.mjs';
import { decodeRlp, EncodingError, encodingOf, readItems, readString } from './rlp.mjs';

/** @typedef {import('./bytes.mjs').Hex} Hex */
/** @typedef {import('./rlp.mjs').Item} Item */

const HASH_SIZE = 32;
// A key is the RLP of a number of at most 32 bytes; a whole key as a path has one byte more.
const MAX_PATH_SIZE = 34;
const BRANCH_ITEMS = 17;
const BRANCH_VALUE = 16;

/**
 * @param {Hex} root
 * @param {Uint8Array} key
 * @param {readonly Uint8Array[]} proof
 * @param {Uint8Array} expected value
 * @returns {boolean} whether the proof leads from the root to the value and uses each of its nodes
 */
export function provesValue(root, key, proof, expected) {
  try {
    const walk = new Walk(proof);
    const value = walk.find(walk.take(root), nibblesOf(key));
    return value !== undefined && equalBytes(value, expected) && walk.used === proof.length;
  } catch (error) {
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

class Walk {
  /** @param {readonly Uint8Array[]} proof */
  constructor(proof) {
    this.proof = proof;
    this.used = 0;
  }

  /**
   * @param {Hex} hash
   * @returns {Item} the next listed node, which has this hash
   */
  take(hash) {
    const isRoot = this.used === 0;
    const bytes = this.proof[this.used++];
    if (bytes === undefined) throw new EncodingError('trie: the proof ends too early');
    if (!isRoot && bytes.length < HASH_SIZE) throw new EncodingError('trie: a node this short stands inside its parent');
    if (keccak(bytes) !== hash) throw new EncodingError('trie: a node has another hash than its parent names');
    return decodeRlp(bytes);
  }

  /**
   * @param {Item} root
   * @param {readonly number[]} key nibbles
   * @returns {Uint8Array | undefined} undefined when the trie does not hold the key
   */
  find(root, key) {
    let node = root;
    let at = 0;
    for (;;) {
      const items = readItems(node, BRANCH_ITEMS + 1);
      let child;
      if (items.length === BRANCH_ITEMS) {
        if (at === key.length) return readString(items[BRANCH_VALUE]);
        child = items[key[at++]];
      } else {
        const { isLeaf, path } = readPath(items);
        if (path.some((nibble, offset) => nibble !== key[at + offset])) return undefined;
        at += path.length;
        if (isLeaf) return at === key.length ? readString(items[1]) : undefined;
        child = items[1];
      }
      node = this.follow(child);
    }
  }

  /**
   * @param {Item} reference to a child: its hash, or the child itself when that is shorter
   * @returns {Item}
   */
  follow(reference) {
    if (!reference.isList) return this.take(toHex(readString(reference, HASH_SIZE)));
    if (encodingOf(reference).length >= HASH_SIZE) throw new EncodingError('trie: a node this long does not stand inside its parent');
    return reference;
  }
}

/**
 * Hex-prefix encoding (appendix C): the first nibble is 2 for a leaf, plus 1 for an odd path; an even path has a zero nibble next.
 * @param {readonly Item[]} items of a leaf or an extension
 * @returns {{ isLeaf: boolean, path: number[] }}
 */
function readPath(items) {
  if (items.length !== 2) throw new EncodingError('trie: a node has 2 or 17 items');
  const prefixed = readString(items[0]);
  if (prefixed.length > MAX_PATH_SIZE) throw new EncodingError('trie: a path is longer than every key');
  const nibbles = nibblesOf(prefixed);
  const isOdd = nibbles[0] === 1 || nibbles[0] === 3;
  const isEven = (nibbles[0] === 0 || nibbles[0] === 2) && nibbles[1] === 0;
  if (!isOdd && !isEven) throw new EncodingError('trie: a path has no hex prefix');
  const isLeaf = nibbles[0] >= 2;
  const path = nibbles.slice(isOdd ? 1 : 2);
  if (!isLeaf && path.length === 0) throw new EncodingError('trie: an extension leads nowhere');
  return { isLeaf, path };
}

/**
 * @param {Uint8Array} bytes
 * @returns {number[]}
 */
function nibblesOf(bytes) {
  return Array.from(bytes).flatMap((byte) => [byte >> 4, byte & 15]);
}
