import type { Edit } from './edits.ts';
import { type Node, rangeOf, walk } from './syntax.ts';

/** Arguments that `abi.encode` takes without running out of stack when nothing is optimised. */
const MOST = 10;

/**
 * Edits that cut long calls of `abi.encode` in two: the same bytes, as long as every argument is one word, which those of
 * the order hashes are. Lines stay where they are.
 */
export function splitEncodings(tree: Node): Edit[] {
  return [...walk(tree)].flatMap(({ node }) => {
    const given = isEncode(node) ? (node['arguments'] as readonly Node[]) : [];
    if (given.length <= MOST) return [];
    const middle = Math.ceil(given.length / 2);
    const [start, end] = rangeOf(node);
    const after = rangeOf(given[middle - 1] as Node)[1];
    return [
      { start, end: start, text: 'bytes.concat(', order: 0 },
      { start: after, end: after, text: '), abi.encode(', order: 0 },
      { start: after, end: after + 1, text: '', order: 1 },
      { start: end, end, text: ')', order: 0 },
    ];
  });
}

function isEncode(node: Node): boolean {
  const callee = node['expression'] as Node | undefined;
  return node.nodeType === 'FunctionCall' && callee?.nodeType === 'MemberAccess' && callee['memberName'] === 'encode';
}
