import type { Bytes32, TaskId } from '@gleaner/primitives';
import { concatHex, keccak256 } from 'viem';
import { assertWord, isBytes } from './checks/assertBytes.ts';
import { assertWhole } from './checks/assertWhole.ts';
import { outOfRange } from './checks/outOfRange.ts';

/** A batch has at most 2^10 tasks. */
const MAX_LEAVES = 1_024;

/**
 * keccak256(keccak256(abi.encode(task, digest))): hashed twice, so that no inner node passes for a leaf.
 * @throws {GleanerError} bad-request for what is not 32 bytes
 */
export function taskLeaf(task: TaskId, digest: Bytes32): Bytes32 {
  assertWord('task', task);
  assertWord('digest', digest);
  return keccak256(keccak256(concatHex([task, digest]))) as Bytes32;
}

/**
 * Root over the leaves of a batch: the tree that OpenZeppelin's StandardMerkleTree builds over rows (task, digest), and whose proofs
 * MerkleProof.sol verifies. The leaves are sorted, so their order does not matter; a single leaf is its own root.
 * (Its npm package gives the same roots and brings 35 others with it; these are 40 lines.)
 * @param leaves 1 … 1024 of them, hex in either case
 * @throws {GleanerError} bad-request for what is not 32 bytes, or for another number of leaves
 */
export function batchRoot(leaves: readonly Bytes32[]): Bytes32 {
  return heapOf(leaves)[0] as Bytes32;
}

/** Siblings from the leaf up to the root; ⌈log2 n⌉ of them at most. @throws {GleanerError} bad-request for a leaf that is not among them */
export function batchProof(leaves: readonly Bytes32[], leaf: Bytes32): Bytes32[] {
  const heap = heapOf(leaves);
  let at = heap.lastIndexOf(lower('leaf', leaf));
  if (at < leaves.length - 1) throw outOfRange('leaf', leaf, `one of the batch's ${leaves.length}`);
  const proof: Bytes32[] = [];
  for (; at > 0; at = (at - 1) >> 1) proof.push(heap[at % 2 === 1 ? at + 1 : at - 1] as Bytes32);
  return proof;
}

/** Whether the proof, of anybody, leads from the leaf to the root; what is not made of words of 32 bytes does not. */
export function isInBatch(root: Bytes32, leaf: Bytes32, proof: readonly Bytes32[]): boolean {
  if (![root, leaf, ...proof].every((word) => isBytes(word, 32))) return false;
  return proof.map(lowerCase).reduce(hashPair, lowerCase(leaf)) === lowerCase(root);
}

const lowerCase = (word: Bytes32): Bytes32 => word.toLowerCase() as Bytes32;

function lower(field: string, word: Bytes32): Bytes32 {
  assertWord(field, word);
  return lowerCase(word);
}

/** Complete binary tree as an array: children of i at 2i + 1 and 2i + 2, leaves last, the smallest leaf at the very end. */
function heapOf(leaves: readonly Bytes32[]): Bytes32[] {
  assertWhole('number of leaves', leaves.length, 1, MAX_LEAVES);
  const heap: Bytes32[] = new Array(2 * leaves.length - 1);
  for (const [at, leaf] of leaves
    .map((leaf) => lower('leaf', leaf))
    .sort()
    .entries())
    heap[heap.length - 1 - at] = leaf;
  for (let at = leaves.length - 2; at >= 0; at -= 1) heap[at] = hashPair(heap[2 * at + 1] as Bytes32, heap[2 * at + 2] as Bytes32);
  return heap;
}

/** keccak256 of both, the smaller first. All are lower case, so text order is numeric order. */
function hashPair(a: Bytes32, b: Bytes32): Bytes32 {
  return keccak256(concatHex(a < b ? [a, b] : [b, a])) as Bytes32;
}
