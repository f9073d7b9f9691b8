import type { Hex } from '@gleaner/primitives';
import { keccak256, numberToHex, size, toRlp } from 'viem';

type Structure = Hex | readonly Structure[];

/** A node, with what is needed to prove what lies below it. */
interface TrieNode {
  readonly structure: readonly Structure[];
  readonly encoded: Hex;
  /** Child on the way along these nibbles; undefined when the way ends here. */
  readonly next: (nibbles: string) => { readonly node: TrieNode; readonly rest: string } | undefined;
}

type Entry = readonly [nibbles: string, value: Hex];

export interface IndexTrie {
  readonly root: Hex;
  /** RLP of the nodes from the root to the value of this position; nodes inside their parent are left out. */
  prove(index: number): readonly Hex[];
}

const EMPTY_ROOT: Hex = keccak256('0x80');

/** Key of a position in a block: RLP of the number, as nibbles. */
const keyOf = (index: number): string => toRlp(index === 0 ? '0x' : numberToHex(index)).slice(2);

/**
 * Trie over the positions 0, 1, … of a list, as blocks hold their transactions and receipts.
 * Its root is compared with the header's by whoever uses it.
 * Source: Yellow Paper, appendix D.
 */
export function buildTrie(values: readonly Hex[]): IndexTrie {
  if (values.length === 0) return { root: EMPTY_ROOT, prove: () => [] };
  const root = buildNode(values.map((value, index) => [keyOf(index), value]));
  return {
    root: keccak256(root.encoded),
    prove(index) {
      const proof = [root.encoded];
      let step = root.next(keyOf(index));
      while (step !== undefined) {
        if (isNamedByHash(step.node)) proof.push(step.node.encoded);
        step = step.node.next(step.rest);
      }
      return proof;
    },
  };
}

/** No key is a prefix of another here, so values stand in leaves only. */
function buildNode(entries: readonly Entry[]): TrieNode {
  const [first] = entries as readonly [Entry];
  if (entries.length === 1) return createNode([encodePath(first[0], true), first[1]], () => undefined);
  const prefix = entries.reduce((shared, [nibbles]) => sharedPrefix(shared, nibbles), first[0]);
  return prefix === '' ? buildBranch(entries) : buildExtension(prefix, entries);
}

function buildExtension(prefix: string, entries: readonly Entry[]): TrieNode {
  const node = buildBranch(entries.map(([nibbles, value]) => [nibbles.slice(prefix.length), value]));
  return createNode([encodePath(prefix, false), referenceTo(node)], (nibbles) => ({ node, rest: nibbles.slice(prefix.length) }));
}

function buildBranch(entries: readonly Entry[]): TrieNode {
  const children = [...'0123456789abcdef'].map((nibble) => {
    const below = entries.filter(([nibbles]) => nibbles.startsWith(nibble)).map(([nibbles, value]): Entry => [nibbles.slice(1), value]);
    return below.length === 0 ? undefined : buildNode(below);
  });
  const structure = [...children.map((child) => (child === undefined ? '0x' : referenceTo(child))), '0x' as const];
  return createNode(structure, (nibbles) => {
    const node = children[Number.parseInt(nibbles.charAt(0), 16)];
    return node && { node, rest: nibbles.slice(1) };
  });
}

const createNode = (structure: readonly Structure[], next: TrieNode['next']): TrieNode => ({
  structure,
  encoded: toRlp(structure as Hex[]),
  next,
});

/** Nodes under 32 bytes stand inside their parent. */
const isNamedByHash = ({ encoded }: TrieNode): boolean => size(encoded) >= 32;
const referenceTo = (node: TrieNode): Structure => (isNamedByHash(node) ? keccak256(node.encoded) : node.structure);

function sharedPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

/** Hex-prefix encoding: flags 2 for a leaf and 1 for an odd path, then the nibbles. */
function encodePath(nibbles: string, isLeaf: boolean): Hex {
  const isOdd = nibbles.length % 2 === 1;
  const flags = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0);
  return `0x${flags}${isOdd ? nibbles : `0${nibbles}`}`;
}
