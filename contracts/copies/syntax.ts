import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A node of the compiler's syntax tree, as far as it is used here. Everything beyond these members is reached by name. */
export interface Node {
  readonly nodeType: string;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly id?: number;
  readonly name?: string;
  readonly operator?: string;
  readonly kind?: string;
  readonly value?: unknown;
  readonly constant?: boolean;
  readonly referencedDeclaration?: number;
  readonly typeDescriptions?: { readonly typeString?: string | null };
  readonly commonType?: { readonly typeString: string };
  readonly [key: string]: unknown;
}

/** A node with the way to it: who holds it under which name, from the nearest holder up. */
export interface Visit {
  readonly node: Node;
  readonly key: string;
  readonly parents: readonly Node[];
  readonly keys: readonly string[];
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources?: Readonly<Record<string, { readonly ast: Node }>>;
}

/**
 * Trees of the sources and of all they import. Nothing is compiled.
 * @param sources path to content; imports that are not among them are looked for in node_modules, by `readImport`
 * Throws with the compiler's text when something does not parse or has wrong types.
 */
export function parse(sources: Readonly<Record<string, string>>, readImport: (path: string) => string): Map<string, Node> {
  const solc = require('solc') as { compile(input: string, callbacks: { import(path: string): { contents: string } }): string };
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: { outputSelection: { '*': { '': ['ast'] } } },
  };
  const callbacks = { import: (path: string) => ({ contents: readImport(path) }) };
  const { errors = [], sources: parsed = {} } = JSON.parse(solc.compile(JSON.stringify(input), callbacks)) as Output;
  const failures = errors.filter(({ severity }) => severity === 'error');
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return new Map(Object.entries(parsed).map(([path, { ast }]) => [path, ast]));
}

/** Every node below and including `root`, holders first, in the order of the tree. */
export function* walk(root: Node): Generator<Visit> {
  yield* descend({ node: root, key: '', parents: [], keys: [] });
}

function* descend(visit: Visit): Generator<Visit> {
  yield visit;
  for (const [key, value] of Object.entries(visit.node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (!isNode(child)) continue;
      yield* descend({ node: child, key, parents: [visit.node, ...visit.parents], keys: [visit.key, ...visit.keys] });
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value;
}

/** First byte of the node and the first one after it. */
export function rangeOf(node: Node): readonly [start: number, end: number] {
  const [start = 0, length = 0] = node.src.split(':').map(Number);
  return [start, start + length];
}

/** Type as the compiler writes it; empty where a node has none. */
export function typeOf(node: Node): string {
  return node.typeDescriptions?.typeString ?? '';
}
