import type { Edit } from './edits.ts';
import { type Node, rangeOf, walk } from './syntax.ts';

/** Edits that write `require(c, reason)` as `if (!(c)) revert(reason)`: the same, with two branches that can be counted. Lines stay where they are. */
export function openRequires(tree: Node): Edit[] {
  return [...walk(tree)].flatMap(({ node }) => {
    if (!isRequire(node)) return [];
    const [condition, reason] = node['arguments'] as readonly [Node, Node | undefined];
    const [start, end] = rangeOf(node);
    const [from, to] = rangeOf(condition);
    const opened = { start, end: from, text: 'if (!(', order: 0 };
    if (reason === undefined) return [opened, { start: to, end, text: ')) revert()', order: 0 }];
    const [reasonFrom, reasonTo] = rangeOf(reason);
    const isError = reason.nodeType === 'FunctionCall';
    return [
      opened,
      { start: to, end: reasonFrom, text: isError ? ')) revert ' : ')) revert(', order: 0 },
      { start: reasonTo, end, text: isError ? '' : ')', order: 0 },
    ];
  });
}

function isRequire(node: Node): boolean {
  const callee = node['expression'] as Node | undefined;
  return node.nodeType === 'FunctionCall' && callee?.nodeType === 'Identifier' && callee['name'] === 'require';
}
