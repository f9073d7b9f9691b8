import { applyEdits, type Edit, fromBytes, toBytes } from '../copies/edits.ts';
import { splitEncodings } from '../copies/splitEncodings.ts';
import { type Node, walk } from '../copies/syntax.ts';
import type { Mutant } from './mutant.ts';
import { type Place, placesAt, type Slice } from './places.ts';

export interface Instrumented {
  /** The source with every choice in it. Needs the functions of `choosers` in scope. */
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

/** Declarations of constants that are plain numbers; they are mutated where they are read. */
export function uintConstants(trees: Iterable<Node>): Set<number> {
  const found = new Set<number>();
  for (const tree of trees) {
    for (const { node } of walk(tree)) {
      const isConstant = node.nodeType === 'VariableDeclaration' && node.constant === true;
      if (isConstant && node.typeDescriptions?.typeString === 'uint256' && node.id !== undefined) found.add(node.id);
    }
  }
  return found;
}

/** Finds every mutant of a file, numbered from `first`, and makes them choosable at run time. */
export function instrument(file: string, source: string, tree: Node, constants: ReadonlySet<number>, first: number): Instrumented {
  const bytes = toBytes(source);
  const text: Slice = (start, end) => bytes.slice(start, end);
  const mutants: Mutant[] = [];
  const edits = splitEncodings(tree);
  const seen = new Map<string, number>();
  for (const visit of walk(tree)) {
    const holder = visit.parents.find(({ nodeType }) => nodeType === 'FunctionDefinition');
    if (holder === undefined || !isCode(visit.keys, visit.key)) continue;
    for (const place of placesAt(visit, text, constants)) {
      const at = first + mutants.length;
      edits.push(...editsOf(place, at));
      for (const variant of place.variants) {
        const key = {
          file,
          function: holder.name || (holder.kind ?? ''),
          original: oneLine(text(place.start, place.end)),
          replacement: oneLine(variant),
        };
        const occurrence = (seen.get(JSON.stringify(key)) ?? 0) + 1;
        seen.set(JSON.stringify(key), occurrence);
        const line = bytes.slice(0, place.start).split('\n').length;
        mutants.push({ id: first + mutants.length, line, kind: place.kind, ...key, occurrence });
      }
    }
  }
  return { source: fromBytes(applyEdits(bytes, edits)), mutants };
}

/** Whether a node is in the body of a function, not in its parameters, modifiers or types. */
function isCode(keys: readonly string[], key: string): boolean {
  return [key, ...keys].includes('body') && ![key, ...keys].includes('typeName');
}

function oneLine(text: string): string {
  return fromBytes(text).replace(/\s+/g, ' ').trim();
}

// -- edits

/** More than any depth. At one byte comes first what ends, inner before outer, then what begins, outer before inner. */
const DEEP = 1_000_000;

function editsOf({ start, end, depth, open, close, gap }: Place, at: number): Edit[] {
  const edits: Edit[] = [
    { start, end: start, text: open(at), order: DEEP + depth },
    { start: end, end, text: close(at), order: -depth },
  ];
  if (gap !== undefined) edits.push({ start: gap.start, end: gap.end, text: gap.text(at), order: gap.start === start ? DEEP + depth : 0 });
  return edits;
}
